using System.Text.Json.Serialization;
using Konko.Engine.Gguf;

namespace Konko.Cli.Bench;

/// <summary>What was measured in a test.</summary>
internal enum BenchTest
{
    /// <summary>A prompt is taken in, its last token's logits included.</summary>
    [JsonStringEnumMemberName("prompt")]
    Prompt,

    /// <summary>One stream, a token a step.</summary>
    [JsonStringEnumMemberName("generate")]
    Generate,

    /// <summary>Several streams through the scheduler: the time in which all of them generate.</summary>
    [JsonStringEnumMemberName("streams")]
    Streams,
}

/// <summary>One line of the table: a test of a model and its measurements.</summary>
internal sealed record BenchRow
{
    /// <summary>The file's name.</summary>
    public required string Model { get; init; }

    /// <summary>The type that most of its weights have.</summary>
    public required GgmlType? Quantization { get; init; }

    /// <summary>Size of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Threads of the engine.</summary>
    public required int Threads { get; init; }

    /// <summary>What was measured.</summary>
    public required BenchTest Test { get; init; }

    /// <summary>Tokens of the prompt (of each stream's).</summary>
    public int Prompt { get; init; }

    /// <summary>Tokens generated (by each stream).</summary>
    public int Generate { get; init; }

    /// <summary>Tokens before those that were measured.</summary>
    public int Depth { get; init; }

    /// <summary>Streams that ran together.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>Tokens a second, all streams together, in the order of the measurements.</summary>
    public required IReadOnlyList<double> TokensPerSecond { get; init; }

    /// <summary>Of streams: prompts and generated tokens over the whole time, from the first request to the last token.</summary>
    public IReadOnlyList<double>? TotalTokensPerSecond { get; init; }

    /// <summary>The median of <see cref="TokensPerSecond"/>.</summary>
    public double Median => MedianOf(TokensPerSecond);

    /// <summary>As in llama-bench: <c>pp512</c>, <c>tg128 @ d4096</c>; several streams as <c>tg64 × 8</c>.</summary>
    public string Name => (Test, Depth) switch
    {
        (BenchTest.Prompt, 0) => $"pp{Prompt}",
        (BenchTest.Prompt, _) => $"pp{Prompt} @ d{Depth}",
        (BenchTest.Generate, 0) => $"tg{Generate}",
        (BenchTest.Generate, _) => $"tg{Generate} @ d{Depth}",
        _ => $"tg{Generate} × {Streams} @ d{Prompt}",
    };

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double MedianOf(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
