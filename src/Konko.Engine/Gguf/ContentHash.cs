using System.Runtime.InteropServices;

namespace Konko.Engine.Gguf;

/// <summary>
/// A fast 64-bit hash against mix-ups, not against adversaries: the sum, modulo 2⁶⁴, of one number for each word of 16
/// bytes, made from the word and its position by a 64 × 64 → 128-bit product. Since it is a sum, the words of a text
/// may be hashed in any order, by any threads, in pieces of any number of words.
/// </summary>
internal static class ContentHash
{
    /// <summary>Bytes of a word.</summary>
    public const int WordBytes = 16;

    // Odd constants with about as many ones as zeros: the fractions of √2, √3, √5 and √7.
    private const ulong Key0 = 0x6a09e667f3bcc909;
    private const ulong Key1 = 0xbb67ae8584caa73b;
    private const ulong Step0 = 0x3c6ef372fe94f82b;
    private const ulong Step1 = 0xa54ff53a5f1d36f1;

    /// <summary>The sum over a stretch of words; a last part of a word counts as filled up with zeros.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="firstWord">Position of the first word within the whole text.</param>
    public static ulong Sum(ReadOnlySpan<byte> bytes, ulong firstWord)
    {
        ReadOnlySpan<ulong> halves = MemoryMarshal.Cast<byte, ulong>(bytes[..(bytes.Length / WordBytes * WordBytes)]);
        ulong key0 = Key0 + firstWord * Step0;
        ulong key1 = Key1 + firstWord * Step1;
        ulong sum = 0;
        for (int i = 0; i + 1 < halves.Length; i += 2)
        {
            sum += Product(halves[i] ^ key0, halves[i + 1] ^ key1);
            key0 += Step0;
            key1 += Step1;
        }

        ReadOnlySpan<byte> rest = bytes[(halves.Length * sizeof(ulong))..];
        if (rest.Length > 0)
        {
            Span<ulong> last = stackalloc ulong[2];
            last.Clear();
            rest.CopyTo(MemoryMarshal.AsBytes(last));
            sum += Product(last[0] ^ key0, last[1] ^ key1);
        }

        return sum;
    }

    /// <summary>The hash of a state followed by a number.</summary>
    public static ulong Mix(ulong state, ulong value) => Product(state ^ Key0, value ^ Key1) + state * Step0;

    /// <summary>The hash of a state followed by bytes.</summary>
    public static ulong Mix(ulong state, ReadOnlySpan<byte> bytes) => Mix(Mix(state, (ulong)bytes.Length), Sum(bytes, 0));

    private static ulong Product(ulong a, ulong b) => Math.BigMul(a, b, out ulong low) ^ low;
}
