using System.Numerics;

namespace Konko.Engine.Scheduling.Drafting;

/// <summary>Finds where the end of a text stood before in it, and guesses that what followed there follows again.</summary>
/// <remarks>
/// All pairs of neighbouring tokens stand in chains by their hash, the latest first. A search walks a bounded part of
/// one chain and keeps the place with the longest common end, so a hostile text costs no more than any other.
/// </remarks>
internal sealed class PromptLookup
{
    /// <summary>Fewest tokens that must be alike.</summary>
    public const int MinMatch = 2;

    /// <summary>Most tokens that are compared: beyond it a match is as good as certain.</summary>
    public const int MaxMatch = 32;

    private const int MaxCandidates = 48;

    private int[] _latest = [];
    private int[] _earlier = [];
    private int _indexed = 1;

    /// <summary>Guesses the next tokens.</summary>
    /// <param name="text">The text: what it was at the last call, and what has come since.</param>
    /// <param name="draft">Takes the guess.</param>
    /// <returns>How many tokens at the end of the text stood before as well: <see cref="MinMatch"/> … <see cref="MaxMatch"/>, and then the draft is full; or 0.</returns>
    public int Find(ReadOnlySpan<int> text, Span<int> draft)
    {
        int last = text.Length - 1;
        if (last < MinMatch) return 0;
        Index(text);
        int best = 0, source = 0, candidates = MaxCandidates;
        for (int place = _latest[Slot(text, last)]; place > 0 && candidates-- > 0; place = _earlier[place])
        {
            int length = CommonEnd(text, place);
            if (length <= best) continue;
            best = length;
            source = place + 1;
            if (best == MaxMatch) break;
        }

        if (best < MinMatch) return 0;

        // A text that repeats itself goes on into the guess.
        for (int i = 0; i < draft.Length; i++) draft[i] = source + i <= last ? text[source + i] : draft[source + i - last - 1];
        return best;
    }

    /// <summary>Enters every pair but the last, which would only find itself.</summary>
    private void Index(ReadOnlySpan<int> text)
    {
        if (text.Length > _earlier.Length)
        {
            int size = Math.Max(256, (int)BitOperations.RoundUpToPowerOf2((uint)text.Length + 1));
            Array.Resize(ref _earlier, size);
            _latest = new int[size];
            _indexed = 1;
        }

        for (; _indexed < text.Length - 1; _indexed++)
        {
            ref int latest = ref _latest[Slot(text, _indexed)];
            _earlier[_indexed] = latest;
            latest = _indexed;
        }
    }

    private int Slot(ReadOnlySpan<int> text, int last)
    {
        ulong pair = (uint)text[last] | ((ulong)(uint)text[last - 1] << 32);
        return (int)(pair * 0x9E3779B97F4A7C15 >> 40) & (_latest.Length - 1);
    }

    private static int CommonEnd(ReadOnlySpan<int> text, int place)
    {
        int most = Math.Min(MaxMatch, place + 1);
        int length = 0;
        while (length < most && text[place - length] == text[text.Length - 1 - length]) length++;
        return length;
    }
}
