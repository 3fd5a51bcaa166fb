namespace Konko.Cli.Bench;

/// <summary>What to measure; every list is crossed with the others that its test has.</summary>
internal sealed record BenchPlan
{
    /// <summary>Paths of GGUF files.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Tokens of prompts; 0 is no test.</summary>
    public required IReadOnlyList<int> Prompts { get; init; }

    /// <summary>Tokens to generate in one stream; 0 is no test.</summary>
    public required IReadOnlyList<int> Generates { get; init; }

    /// <summary>Tokens before those that are measured.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Numbers of streams that generate together.</summary>
    public required IReadOnlyList<int> Streams { get; init; }

    /// <summary>Tokens of such a stream's prompt.</summary>
    public required IReadOnlyList<int> StreamPrompts { get; init; }

    /// <summary>Tokens that such a stream generates, at least 2.</summary>
    public required IReadOnlyList<int> StreamGenerates { get; init; }

    /// <summary>Threads of the engine.</summary>
    public required IReadOnlyList<int> Threads { get; init; }

    /// <summary>Measurements of each test.</summary>
    public required int Repetitions { get; init; }

    /// <summary>Positions that the longest test of one stream needs.</summary>
    public int StepPositions => Depths.Max() + Math.Max(Prompts.Max(), Generates.Max());

    /// <summary>Positions that the longest of several streams needs; 0 where none is measured.</summary>
    public int StreamPositions => Streams.Count == 0 ? 0 : StreamPrompts.Max() + StreamGenerates.Max();
}
