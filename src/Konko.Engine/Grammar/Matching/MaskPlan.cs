using System.Numerics;

namespace Konko.Engine.Grammar.Matching;

/// <summary>A state's mask in parts: bit sets that states share, and the tokens of this state alone.</summary>
internal sealed class MaskPlan
{
    /// <summary>More tokens are sooner written as a set.</summary>
    private const int ManyTokens = 1024;

    private readonly ulong[][] _bits;
    private readonly int[] _tokens;

    private MaskPlan(ulong[][] bits, int[] tokens, int ownBytes) => (_bits, _tokens, OwnBytes) = (bits, tokens, ownBytes);

    /// <summary>Bytes that it does not share with others.</summary>
    public int OwnBytes { get; }

    /// <summary>A plan.</summary>
    /// <param name="bits">Sets of allowed tokens, each as long as the vocabulary.</param>
    /// <param name="tokens">Further allowed tokens.</param>
    /// <param name="words">The length of a set.</param>
    public static MaskPlan Of(List<ulong[]> bits, List<int> tokens, int words)
    {
        if (tokens.Count <= ManyTokens) return new MaskPlan([.. bits], [.. tokens], 64 + tokens.Count * sizeof(int));
        var own = new ulong[words];
        foreach (int token in tokens) own[token >> 6] |= 1UL << (token & 63);
        return new MaskPlan([.. bits, own], [], 64 + words * sizeof(ulong));
    }

    /// <summary>Writes the mask.</summary>
    /// <param name="mask">Takes it, token i in bit i mod 64 of word i / 64; longer than the vocabulary is allowed.</param>
    public void Write(Span<ulong> mask)
    {
        if (_bits.Length == 0)
        {
            mask.Clear();
        }
        else
        {
            _bits[0].CopyTo(mask);
            mask[_bits[0].Length..].Clear();
            for (int i = 1; i < _bits.Length; i++) Add(mask, _bits[i]);
        }

        foreach (int token in _tokens) mask[token >> 6] |= 1UL << (token & 63);
    }

    private static void Add(Span<ulong> mask, ulong[] more)
    {
        int i = 0;
        for (; i + Vector<ulong>.Count <= more.Length; i += Vector<ulong>.Count)
        {
            (new Vector<ulong>(mask[i..]) | new Vector<ulong>(more, i)).CopyTo(mask[i..]);
        }

        for (; i < more.Length; i++) mask[i] |= more[i];
    }
}
