namespace Konko.Engine.Scheduling.Drafting;

/// <summary>What is drafted for one sequence, and how that went so far.</summary>
internal sealed class SequenceDraft
{
    /// <summary>Most tokens of a draft.</summary>
    public const int MaxTokens = 15;

    private readonly PromptLookup _lookup = new();
    private readonly Acceptance _acceptance = new();
    private readonly int[] _tokens = new int[MaxTokens];
    private int _known;

    /// <summary>How long the match was that the draft came from; 0 where there is none.</summary>
    public int Match { get; private set; }

    /// <summary>Most tokens that may be taken of it now.</summary>
    public int Available { get; private set; }

    /// <summary>How probable it is that a drafted token is right, if those before it are.</summary>
    public float Probability { get; private set; }

    /// <summary>How probable it is that the next token to be taken is right.</summary>
    public float Next { get; set; }

    /// <summary>How many tokens were taken into the step.</summary>
    public int Taken { get; set; }

    /// <summary>The tokens that were taken.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Taken);

    /// <summary>Makes a draft of at most so many tokens.</summary>
    public bool Prepare(ReadOnlySpan<int> text, int most)
    {
        if (_known > 0) _acceptance.Fade(text.Length - _known);
        _known = text.Length;
        Taken = 0;
        Available = Math.Min(most, MaxTokens);
        Match = Available > 0 ? _lookup.Find(text, _tokens.AsSpan(0, Available)) : 0;
        if (Match == 0) return false;
        Next = Probability = _acceptance.Estimate(Match);
        return true;
    }

    /// <summary>Learns how much of the draft was right.</summary>
    /// <param name="right">Drafted tokens that were drawn.</param>
    /// <param name="wrong">Whether another token was drawn than the next drafted one.</param>
    public void Settle(int right, bool wrong)
    {
        _acceptance.Record(Match, right, wrong);
        Taken = 0;
    }
}
