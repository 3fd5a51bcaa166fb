using System.Numerics;

namespace Konko.Engine.Grammar.Matching;

/// <summary>A state's mask in parts: bit sets that states share, and the tokens of this state alone.</summary>
/// <param name="bits">Sets of allowed tokens, each as long as the vocabulary.</param>
/// <param name="tokens">Further allowed tokens.</param>
internal sealed class MaskPlan(ulong[][] bits, int[] tokens)
{
    /// <summary>Bytes that it does not share with others.</summary>
    public int OwnBytes => 64 + tokens.Length * sizeof(int);

    /// <summary>Writes the mask.</summary>
    /// <param name="mask">Takes it, token i in bit i mod 64 of word i / 64; longer than the vocabulary is allowed.</param>
    public void Write(Span<ulong> mask)
    {
        if (bits.Length == 0)
        {
            mask.Clear();
        }
        else
        {
            bits[0].CopyTo(mask);
            mask[bits[0].Length..].Clear();
            for (int i = 1; i < bits.Length; i++) Add(mask, bits[i]);
        }

        foreach (int token in tokens) mask[token >> 6] |= 1UL << (token & 63);
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
