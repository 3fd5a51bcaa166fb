using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Kernels;

/// <summary>Float activations to int8 blocks of 32, as docs/arithmetic.md defines them.</summary>
internal static unsafe class Quantizer
{
    // Below this 127/amax would overflow; such a block is zero for every purpose of a sum.
    private const float SmallestAmax = 7.888609e-31f; // 2^-100

    /// <summary>
    /// Writes a token's int8 form: a = amax / 127, q = roundToEven(x · (127 / amax)), and the sums that zero points and mins need.
    /// </summary>
    /// <param name="activations">Where to; its floats of the token are the source.</param>
    /// <param name="token">The token.</param>
    /// <param name="columns">Columns, a multiple of 32.</param>
    public static void Run(Activations activations, int token, int columns) => Run(activations.Values(token), activations, token, columns);

    /// <summary>The same of floats that are elsewhere.</summary>
    /// <param name="x">The token's floats, 64-byte aligned.</param>
    /// <param name="activations">Where to.</param>
    /// <param name="token">The token.</param>
    /// <param name="columns">Columns, a multiple of 32.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Run(float* x, Activations activations, int token, int columns)
    {
        int tile = token / Activations.TileTokens, slot = token % Activations.TileTokens;
        sbyte* quants = activations.Quants(tile, columns) + slot * PanelFormats.Block;
        float* record = activations.Records(tile, columns) + slot;
        for (int block = 0; block < columns / PanelFormats.Block; block++)
        {
            Block(x, quants, record);
            x += PanelFormats.Block;
            quants += PanelFormats.Block * Activations.TileTokens;
            record += Activations.RecordWords;
        }
    }

    /// <summary>One block of 32 columns of some tokens.</summary>
    /// <param name="x">[token][32] floats, 64-byte aligned.</param>
    /// <param name="activations">Where to.</param>
    /// <param name="firstToken">First token.</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="columns">Columns of a token.</param>
    /// <param name="block">The block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void RunBlock(float* x, Activations activations, int firstToken, int tokens, int columns, int block)
    {
        for (int token = firstToken; token < firstToken + tokens; token++)
        {
            int tile = token / Activations.TileTokens, slot = token % Activations.TileTokens;
            sbyte* quants = activations.Quants(tile, columns) + (block * Activations.TileTokens + slot) * PanelFormats.Block;
            Block(x, quants, activations.Records(tile, columns) + block * Activations.RecordWords + slot);
            x += PanelFormats.Block;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* x, sbyte* quants, float* record)
    {
        Vector512<float> x0 = Vector512.LoadAligned(x), x1 = Vector512.LoadAligned(x + 16);
        float amax = Largest(x0, x1);
        float a = 0, inverse = 0;
        if (amax >= SmallestAmax)
        {
            a = amax / 127f;
            inverse = 127f / amax;
        }

        (int sum0, int sum1) = Avx512BW.IsSupported ? Narrow512(x0 * inverse, x1 * inverse, quants) : Narrow(x0 * inverse, x1 * inverse, quants);
        record[0] = a;
        record[Activations.ScaledSums] = a * (sum0 + sum1);
        ((int*)record)[Activations.EightSums] = 8 * (sum0 + sum1);
        ((int*)record)[Activations.HalfSums] = (sum0 & 0xFFFF) | sum1 << 16;
    }

    /// <summary>The greatest |x|, NaN where there is one: without their signs floats are ordered as integers are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(Vector512<float> x0, Vector512<float> x1)
    {
        Vector512<int> v = Vector512.Max(Vector512.Abs(x0).AsInt32(), Vector512.Abs(x1).AsInt32());
        Vector256<int> eight = Vector256.Max(v.GetLower(), v.GetUpper());
        Vector128<int> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2))).AsSingle().ToScalar();
    }

    /// <summary>Rounds to nearest even and writes 32 bytes; what is no number becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int First, int Second) Narrow(Vector512<float> x0, Vector512<float> x1, sbyte* quants)
    {
        Vector512<int> q0 = Vector512.ConvertToInt32(Vector512.Round(x0));
        Vector512<int> q1 = Vector512.ConvertToInt32(Vector512.Round(x1));
        Vector512<short> words = Vector512.Narrow(q0, q1);
        Vector256.StoreAligned(Vector256.Narrow(words.GetLower(), words.GetUpper()), quants);
        return (Vector512.Sum(q0), Vector512.Sum(q1));
    }

    /// <summary>The same by instructions that round as they convert, cut to bytes (of no number, the smallest int32, the last is 0), and sum eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int First, int Second) Narrow512(Vector512<float> x0, Vector512<float> x1, sbyte* quants)
    {
        Vector128<sbyte> q0 = Avx512F.ConvertToVector128SByte(Avx512F.ConvertToVector512Int32(x0));
        Vector128<sbyte> q1 = Avx512F.ConvertToVector128SByte(Avx512F.ConvertToVector512Int32(x1));
        q0.StoreAligned(quants);
        q1.StoreAligned(quants + 16);
        return (Sum(q0), Sum(q1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sum(Vector128<sbyte> bytes)
    {
        Vector128<ulong> sums = Sse2.SumAbsoluteDifferences(bytes.AsByte() ^ Vector128.Create((byte)128), Vector128<byte>.Zero).AsUInt64();
        return (int)(sums.ToScalar() + sums.GetElement(1)) - 16 * 128;
    }
}
