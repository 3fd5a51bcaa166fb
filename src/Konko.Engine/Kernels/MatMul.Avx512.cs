using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Kernels;

/// <summary>Quantised panels by 512-bit multiply-adds of bytes: 16 rows × 1 … 64 tokens.</summary>
/// <remarks>
/// A block's quants are unpacked once into eight vectors (sixteen of bytes: magnitudes and signs) and stay in registers
/// while token after token is multiplied with them: products are summed in int16 as far as that is exact, multiplied with
/// the integer scale by the instruction that widens them, converted once, and join each row's chain of fused
/// multiply-adds. Chains of different tokens overlap in the processor; they lie in memory between blocks, which costs
/// less than the registers they would take from the quants. A token's products are summed when the next one's have been
/// asked for: sums that stand ready beside products keep off the two ports that multiply.
/// </remarks>
internal static unsafe class MatMulAvx512
{
    // Decoding is bound by memory. What is asked for early goes into the second cache, which takes twice as many requests
    // at once as the first (measured: 24 GB/s a core for 12); from there the first is filled in time.
    private const int FarBytes = 4096;
    private const int NearBytes = 512;

    /// <summary>Most tokens of a call: a block's quants and scales are unpacked once for all of them.</summary>
    public const int MostTokens = 8 * Activations.TileTokens;

    /// <summary>One panel of 16 rows times the last tokens of a tile and those of the tiles that follow.</summary>
    /// <param name="quants">The panel's quants.</param>
    /// <param name="scales">The panel's scales, as the panel has them.</param>
    /// <param name="columns">Inputs, a multiple of 32.</param>
    /// <param name="x">The first tile's int8 activations from the first token on.</param>
    /// <param name="records">The first tile's records from the first token on.</param>
    /// <param name="ofTile">How many of the tokens are of the first tile.</param>
    /// <param name="tokens">1 … <see cref="MostTokens"/>.</param>
    /// <param name="y">The first token's 16 outputs.</param>
    /// <param name="stride">Floats from one token's outputs to the next.</param>
    /// <param name="accumulate">Whether to add to the outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Run<TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, int ofTile, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
    {
        float* sums = stackalloc float[(MostTokens + 1) * PanelFormats.Rows];
        sums = (float*)(((nint)sums + 63) & ~63);
        for (int token = 0; token < tokens; token++)
        {
            Vector512<float>.Zero.StoreAligned(sums + token * PanelFormats.Rows);
            // Outputs are far apart: stores that wait for their lines would hold up those of the sums behind them.
            Sse.Prefetch0(y + token * stride);
        }

        float* endOfFirst = sums + ofTile * PanelFormats.Rows, lastSum = sums + (tokens - 1) * PanelFormats.Rows;
        byte* far = quants + FarBytes;
        // From a block's last token in the first tile to its first one in the next.
        nint toNextTile = Activations.TileTokens * (columns - PanelFormats.Block) / sizeof(int), toNextRecord = columns / PanelFormats.Block * Activations.RecordWords - Activations.TileTokens;
        for (int block = 0; block < columns / PanelFormats.Block; block++)
        {
            Prefetch<TFormat>(ref far, quants);
            PanelScales.Read<TFormat>(scales, block, out Vector512<float> d, out Vector512<float> m0, out Vector512<float> m1, out Vector512<short> s0, out Vector512<short> s1, out Vector512<short> b);
            Unpack<TFormat>(
                quants,
                out Vector512<byte> w0, out Vector512<byte> w1, out Vector512<byte> w2, out Vector512<byte> w3, out Vector512<byte> w4, out Vector512<byte> w5, out Vector512<byte> w6, out Vector512<byte> w7,
                out Vector512<byte> n0, out Vector512<byte> n1, out Vector512<byte> n2, out Vector512<byte> n3, out Vector512<byte> n4, out Vector512<byte> n5, out Vector512<byte> n6, out Vector512<byte> n7);
            Vector512<int> excess = Excess<TFormat>(w0, w1, w2, w3, w4, w5, w6, w7, n0, n1, n2, n3, n4, n5, n6, n7, s0);
            int* v = (int*)x;
            float* record = records;
            float* sum = sums, endOfTile = endOfFirst;
            if (PanelQuants.Saturates<TFormat>())
            {
                // There are no registers for two tokens' products.
                for (; sum <= lastSum; sum += PanelFormats.Rows)
                {
                    Vector512<int> dot = SignedDot<No>(w0, w1, w2, w3, w4, w5, w6, w7, n0, n1, n2, n3, n4, n5, n6, n7, s0, (float*)v) - excess;
                    Join<TFormat>(Vector512.LoadAligned(sum), dot, d, m0, m1, record).StoreAligned(sum);
                    Next(sum, ref endOfTile, ref v, toNextTile, ref record, toNextRecord);
                }
            }
            else
            {
                Vector512<short> p0 = Product(w0, v[0]), p1 = Product(w1, v[1]), p2 = Product(w2, v[2]), p3 = Product(w3, v[3]);
                Vector512<short> p4 = Product(w4, v[4]), p5 = Product(w5, v[5]), p6 = Product(w6, v[6]), p7 = Product(w7, v[7]);
                for (; sum < lastSum; sum += PanelFormats.Rows)
                {
                    float* own = record;
                    Next(sum, ref endOfTile, ref v, toNextTile, ref record, toNextRecord);
                    Vector512<short> a = p0 + p1;
                    (p0, p1) = (Product(w0, v[0]), Product(w1, v[1]));
                    Vector512<short> c = p2 + p3;
                    (p2, p3) = (Product(w2, v[2]), Product(w3, v[3]));
                    Vector512<short> e = p4 + p5;
                    (p4, p5) = (Product(w4, v[4]), Product(w5, v[5]));
                    Vector512<short> g = p6 + p7;
                    (p6, p7) = (Product(w6, v[6]), Product(w7, v[7]));
                    Add<TFormat>(sum, a, c, e, g, d, m0, m1, s0, s1, b, own);
                }

                Add<TFormat>(sum, p0 + p1, p2 + p3, p4 + p5, p6 + p7, d, m0, m1, s0, s1, b, record);
            }

            quants += PanelQuants.BlockBytes<TFormat>();
            x += Activations.TileTokens * PanelFormats.Block;
            records += Activations.RecordWords;
        }

        for (int token = 0; token < tokens; token++) MatMul.Store(Vector512.LoadAligned(sums + token * PanelFormats.Rows), y + token * stride, accumulate);
    }

    /// <summary>From a token to the next one's bytes and column of a record, which may lie in the next tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(float* sum, ref float* endOfTile, ref int* v, nint toNextTile, ref float* record, nint toNextRecord)
    {
        v += PanelFormats.Block / sizeof(int);
        record++;
        if (sum + PanelFormats.Rows != endOfTile) return;
        v += toNextTile;
        record += toNextRecord;
        endOfTile += Activations.TileTokens * PanelFormats.Rows;
    }

    /// <summary>One token, with the scales as the panel has them: decoding.</summary>
    /// <param name="quants">The panel's quants.</param>
    /// <param name="scales">The panel's scales.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="x">The token's int8 activations.</param>
    /// <param name="record">The token's column of the records.</param>
    /// <param name="y">The token's 16 outputs.</param>
    /// <param name="accumulate">Whether to add to the outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void RunSingle<TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* record, float* y, bool accumulate)
        where TFormat : struct, IPanelFormat
    {
        Vector512<float> sum = default;
        byte* far = quants + FarBytes;
        for (int block = 0; block < columns / PanelFormats.Block; block++)
        {
            Prefetch<TFormat>(ref far, quants);
            PanelScales.Read<TFormat>(scales, block, out Vector512<float> d, out Vector512<float> m0, out Vector512<float> m1, out Vector512<short> s0, out Vector512<short> s1, out Vector512<short> b);
            Unpack<TFormat>(
                quants,
                out Vector512<byte> w0, out Vector512<byte> w1, out Vector512<byte> w2, out Vector512<byte> w3, out Vector512<byte> w4, out Vector512<byte> w5, out Vector512<byte> w6, out Vector512<byte> w7,
                out Vector512<byte> n0, out Vector512<byte> n1, out Vector512<byte> n2, out Vector512<byte> n3, out Vector512<byte> n4, out Vector512<byte> n5, out Vector512<byte> n6, out Vector512<byte> n7);
            int* v = (int*)x;
            Vector512<int> dot = PanelQuants.Saturates<TFormat>()
                ? SignedDot<Yes>(w0, w1, w2, w3, w4, w5, w6, w7, n0, n1, n2, n3, n4, n5, n6, n7, s0, (float*)v)
                : Dot<TFormat>(
                    Product(w0, v[0]) + Product(w1, v[1]), Product(w2, v[2]) + Product(w3, v[3]), Product(w4, v[4]) + Product(w5, v[5]), Product(w6, v[6]) + Product(w7, v[7]),
                    s0, s1, b, record);
            sum = Join<TFormat>(sum, dot, d, m0, m1, record);
            quants += PanelQuants.BlockBytes<TFormat>();
            x += Activations.TileTokens * PanelFormats.Block;
            record += Activations.RecordWords;
        }

        MatMul.Store(sum, y, accumulate);
    }

    /// <summary>
    /// Asks for what comes later: into the second cache as many bytes as a block has, scales included, from where the block
    /// before left off; into the first cache the quants of a block soon to come.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<TFormat>(ref byte* far, byte* quants)
        where TFormat : struct, IPanelFormat
    {
        int bytes = PanelQuants.BlockBytes<TFormat>() + PanelScales.SuperBytes<TFormat>() / 8;
        Sse.Prefetch1(far);
        Sse.Prefetch1(far + 64);
        if (bytes > 128) Sse.Prefetch1(far + 128);
        if (bytes > 192) Sse.Prefetch1(far + 192);
        if (bytes > 256) Sse.Prefetch1(far + 256);
        if (bytes > 320) Sse.Prefetch1(far + 320);
        if (bytes > 384) Sse.Prefetch1(far + 384);
        if (bytes > 448) Sse.Prefetch1(far + 448);
        if (bytes > 512) Sse.Prefetch1(far + 512);
        far += bytes;
        quants += NearBytes;
        Sse.Prefetch0(quants);
        Sse.Prefetch0(quants + 64);
        if (PanelQuants.BlockBytes<TFormat>() > 128) Sse.Prefetch0(quants + 128);
        if (PanelQuants.BlockBytes<TFormat>() > 192) Sse.Prefetch0(quants + 192);
        if (PanelQuants.BlockBytes<TFormat>() > 256) Sse.Prefetch0(quants + 256);
        if (PanelQuants.BlockBytes<TFormat>() > 320) Sse.Prefetch0(quants + 320);
        if (PanelQuants.BlockBytes<TFormat>() > 384) Sse.Prefetch0(quants + 384);
        if (PanelQuants.BlockBytes<TFormat>() > 448) Sse.Prefetch0(quants + 448);
    }

    /// <summary>The eight groups of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack<TFormat>(
        byte* quants,
        out Vector512<byte> w0, out Vector512<byte> w1, out Vector512<byte> w2, out Vector512<byte> w3, out Vector512<byte> w4, out Vector512<byte> w5, out Vector512<byte> w6, out Vector512<byte> w7,
        out Vector512<byte> n0, out Vector512<byte> n1, out Vector512<byte> n2, out Vector512<byte> n3, out Vector512<byte> n4, out Vector512<byte> n5, out Vector512<byte> n6, out Vector512<byte> n7)
        where TFormat : struct, IPanelFormat
    {
        Unpack<TFormat>(quants, 0, out w0, out n0);
        Unpack<TFormat>(quants, 1, out w1, out n1);
        Unpack<TFormat>(quants, 2, out w2, out n2);
        Unpack<TFormat>(quants, 3, out w3, out n3);
        Unpack<TFormat>(quants, 4, out w4, out n4);
        Unpack<TFormat>(quants, 5, out w5, out n5);
        Unpack<TFormat>(quants, 6, out w6, out n6);
        Unpack<TFormat>(quants, 7, out w7, out n7);
    }

    /// <summary>
    /// Four columns of 16 rows: as they are; or, where two products of a byte would saturate, as |w| and a mask of the negative
    /// ones, |w| · (x ^ mask) = w · x − |w| where w is negative.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack<TFormat>(byte* quants, int group, out Vector512<byte> w, out Vector512<byte> negative)
        where TFormat : struct, IPanelFormat
    {
        w = PanelQuants.Read512<TFormat>(quants, group);
        negative = default;
        if (!PanelQuants.Saturates<TFormat>()) return;
        // A byte of 128 or more is a weight of 0 or more, and the shuffle makes it 0.
        negative = Avx512BW.Shuffle(Vector512<byte>.AllBitsSet, w);
        w = Vector512.Abs((w ^ Vector512.Create((byte)128)).AsSByte()).AsByte();
    }

    /// <summary>−Σ s · |w| over the negative weights of a block, for each row: what the products with any token have too much.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Excess<TFormat>(
        Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3, Vector512<byte> w4, Vector512<byte> w5, Vector512<byte> w6, Vector512<byte> w7,
        Vector512<byte> n0, Vector512<byte> n1, Vector512<byte> n2, Vector512<byte> n3, Vector512<byte> n4, Vector512<byte> n5, Vector512<byte> n6, Vector512<byte> n7, Vector512<short> s0)
        where TFormat : struct, IPanelFormat
    {
        if (!PanelQuants.Saturates<TFormat>()) return default;
        Vector512<short> a = Two(w0, n0.AsSByte(), w1, n1.AsSByte()) + Two(w2, n2.AsSByte(), w3, n3.AsSByte());
        Vector512<short> c = Two(w4, n4.AsSByte(), w5, n5.AsSByte()) + Two(w6, n6.AsSByte(), w7, n7.AsSByte());
        return Wide(a + c, s0);
    }

    /// <summary>Four columns of 16 rows with a token's four int8: pairs of products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Product(Vector512<byte> w, int x) => Avx512BW.MultiplyAddAdjacent(w, Vector512.Create(x).AsSByte());

    /// <summary>The integer dot products of 16 rows with a token's block, scaled where the scales are integers, the zero points corrected.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Dot<TFormat>(
        Vector512<short> a, Vector512<short> c, Vector512<short> e, Vector512<short> g,
        Vector512<short> s0, Vector512<short> s1, Vector512<short> b, float* record)
        where TFormat : struct, IPanelFormat
    {
        Vector512<int> dot;
        if (PanelQuants.Exact<TFormat>() == 2) dot = Wide(a, s0) + Wide(c, s0) + (Wide(e, s1) + Wide(g, s1));
        else if (PanelQuants.Exact<TFormat>() == 4 || TFormat.Sub == 16) dot = Wide(a + c, s0) + Wide(e + g, s1);
        else dot = Wide(a + c + (e + g), s0);
        if (TFormat.Bias == 0) return dot;
        if (TFormat.Sub != 0 || (TFormat.Bias != 8 && TFormat.Bias != 16)) return dot - Wide(Vector512.Create(((int*)record)[Activations.HalfSums]).AsInt16(), b);
        // A shift is no work for the ports that multiply.
        Vector512<int> eight = Vector512.Create(((int*)record)[Activations.EightSums]);
        return dot - (TFormat.Bias == 8 ? eight : Vector512.ShiftLeft(eight, 1));
    }

    /// <summary>The same of weights with signs: Σ s · |w| · (x ^ negative), which has the excess; for a token alone Σ s · w · x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> SignedDot<TAlone>(
        Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3, Vector512<byte> w4, Vector512<byte> w5, Vector512<byte> w6, Vector512<byte> w7,
        Vector512<byte> n0, Vector512<byte> n1, Vector512<byte> n2, Vector512<byte> n3, Vector512<byte> n4, Vector512<byte> n5, Vector512<byte> n6, Vector512<byte> n7,
        Vector512<short> s0, float* x)
        where TAlone : struct, IFlag
    {
        Vector512<int> half = SignedProduct<TAlone>(w0, n0, s0, x[0]) + SignedProduct<TAlone>(w1, n1, s0, x[1]) + (SignedProduct<TAlone>(w2, n2, s0, x[2]) + SignedProduct<TAlone>(w3, n3, s0, x[3]));
        return half + (SignedProduct<TAlone>(w4, n4, s0, x[4]) + SignedProduct<TAlone>(w5, n5, s0, x[5]) + (SignedProduct<TAlone>(w6, n6, s0, x[6]) + SignedProduct<TAlone>(w7, n7, s0, x[7])));
    }

    /// <summary>
    /// s · |w| · (x ^ negative), four columns: two products of magnitudes of up to 128 are at most 2 · 128 · 127, or exactly −2¹⁵.
    /// For a token alone, s · w · x: the excess is dearer than turning its signs whole.
    /// </summary>
    /// <remarks>x comes as the bits of a float: only with the float's xor the JIT lets one instruction broadcast and turn.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> SignedProduct<TAlone>(Vector512<byte> w, Vector512<byte> negative, Vector512<short> factors, float x)
        where TAlone : struct, IFlag
    {
        Vector512<sbyte> turned = Avx512DQ.Xor(negative.AsSingle(), Vector512.Create(x)).AsSByte();
        return Wide(Avx512BW.MultiplyAddAdjacent(w, TAlone.Value ? turned - negative.AsSByte() : turned), factors);
    }

    /// <summary>A token's block into the rows' chains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Join<TFormat>(Vector512<float> sum, Vector512<int> dot, Vector512<float> d, Vector512<float> m0, Vector512<float> m1, float* record)
        where TFormat : struct, IPanelFormat
    {
        sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), d * Vector512.Create(record[0]), sum);
        if (!TFormat.Min) return sum;
        if (TFormat.Sub != 16) return Vector512.FusedMultiplyAdd(m0, Vector512.Create(record[Activations.ScaledSums]), sum);
        (int first, int second) = Activations.Halves(record);
        sum = Vector512.FusedMultiplyAdd(m0, Vector512.Create(record[0] * first), sum);
        return Vector512.FusedMultiplyAdd(m1, Vector512.Create(record[0] * second), sum);
    }

    /// <summary>A token's products into the rows' chains at sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TFormat>(
        float* sum,
        Vector512<short> a, Vector512<short> c, Vector512<short> e, Vector512<short> g,
        Vector512<float> d, Vector512<float> m0, Vector512<float> m1, Vector512<short> s0, Vector512<short> s1, Vector512<short> b, float* record)
        where TFormat : struct, IPanelFormat
        => Join<TFormat>(Vector512.LoadAligned(sum), Dot<TFormat>(a, c, e, g, s0, s1, b, record), d, m0, m1, record).StoreAligned(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Two(Vector512<byte> w, Vector512<sbyte> x, Vector512<byte> v, Vector512<sbyte> z)
        => Avx512BW.MultiplyAddAdjacent(w, x) + Avx512BW.MultiplyAddAdjacent(v, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Wide(Vector512<short> sums, Vector512<short> factors) => Avx512BW.MultiplyAddAdjacent(sums, factors);
}
