using System.Globalization;

namespace Konko.Cli.Answers;

/// <summary>How an answer went: tokens, speed, how long the first one took.</summary>
/// <param name="time">The clock; it starts now.</param>
internal sealed class AnswerStatistics(TimeProvider time)
{
    private readonly long _asked = time.GetTimestamp();
    private long _first;
    private long _last;
    private int _seen;

    /// <summary>How many tokens the answer has.</summary>
    public int Tokens => Usage?.CompletionTokens ?? _seen;

    /// <summary>What the server counted.</summary>
    public CompletionUsage? Usage { get; private set; }

    /// <summary>Why it ended; null where it did not end by itself.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>Tokens a second behind the first; null where there were too few.</summary>
    public double? Speed => _seen > 1 && time.GetElapsedTime(_first, _last) is { Ticks: > 0 } taken ? (Math.Max(Tokens, _seen) - 1) / taken.TotalSeconds : null;

    /// <summary>From the question to the first token; null where none came.</summary>
    public TimeSpan? FirstAfter => _seen > 0 ? time.GetElapsedTime(_asked, _first) : null;

    /// <summary>Counts a piece.</summary>
    public void Add(AnswerPiece piece)
    {
        Usage = piece.Usage ?? Usage;
        FinishReason = piece.FinishReason ?? FinishReason;
        if (!piece.IsToken) return;
        _last = time.GetTimestamp();
        if (_seen++ == 0) _first = _last;
    }

    /// <summary>Takes what a whole answer says of itself.</summary>
    public void Add(CompletionUsage? usage, string? finishReason) => (Usage, FinishReason) = (usage, finishReason);

    /// <summary>What is known while the answer is written: <c>12 tokens, 34.5 tokens/s</c>.</summary>
    public string Live() => Count(_seen) + (Speed is { } speed ? ", " + Shown(speed) : "");

    /// <summary>All of it in a line.</summary>
    public override string ToString()
    {
        List<string> parts = [Count(Tokens)];
        if (Speed is { } speed) parts.Add(Shown(speed));
        if (FirstAfter is { } first) parts.Add(Text($"first after {first.TotalSeconds:0.00} s"));
        else parts.Add(Text($"{time.GetElapsedTime(_asked).TotalSeconds:0.00} s"));
        if (Usage is { PromptTokens: var prompt }) parts.Add(Text($"{prompt} in the prompt") + (Usage.PromptTokensDetails?.CachedTokens is > 0 and var cached ? Text($" ({cached} cached)") : ""));
        parts.Add(FinishReason switch { null => "stopped", "stop" => "ended by itself", "length" => "ended by the limit of tokens", var reason => "ended by " + reason });
        return string.Join(", ", parts);
    }

    private static string Count(int tokens) => tokens == 1 ? "1 token" : Text($"{tokens} tokens");

    private static string Shown(double speed) => Text($"{speed:0.0} tokens/s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
