namespace Konko.Load;

/// <summary>How long the questions and answers of a load are.</summary>
internal sealed record RequestShape
{
    /// <summary>Most words of a question.</summary>
    public int PromptWords { get; init; } = 60;

    /// <summary>Most tokens of an answer.</summary>
    public int MaxTokens { get; init; } = 64;

    /// <summary>Whether every question and answer is as long as the most, instead of lengths that vary below it.</summary>
    public bool Exact { get; init; }

    /// <summary>Share of the clients that go away in mid-stream.</summary>
    public double Vanish { get; init; }

    /// <summary>Of everything that is drawn.</summary>
    public int Seed { get; init; } = 1;
}
