using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Kernels;

/// <summary>Quantised panels by 512-bit multiply-adds of bytes: 16 rows × 1 … 16 tokens of up to two tiles.</summary>
/// <remarks>
/// A block's quants are unpacked once into eight vectors (sixteen of bytes: magnitudes and signs) and stay in registers
/// while token after token is multiplied with them: products are summed in int16 as far as that is exact, multiplied with
/// the integer scale by the instruction that widens them, converted once, and join each row's chain of fused
/// multiply-adds. Chains of different tokens overlap in the processor; they lie in memory between blocks, which costs
/// less than the registers they would take from the quants.
/// </remarks>
internal static unsafe class MatMulAvx512
{
    // Decoding is bound by memory. What is asked for early goes into the second cache, which takes twice as many requests
    // at once as the first (measured: 24 GB/s a core for 12); from there the first is filled in time.
    private const int FarBytes = 4096;
    private const int NearBytes = 512;

    /// <summary>Most tokens of a call: a block's quants and scales are unpacked once for all of them.</summary>
    public const int MostTokens = 2 * Activations.TileTokens;

    /// <summary>One panel of 16 rows times the last tokens of a tile and the first of the next, with expanded scales.</summary>
    /// <param name="quants">The panel's quants.</param>
    /// <param name="scales">The panel's scales, expanded.</param>
    /// <param name="columns">Inputs, a multiple of 32.</param>
    /// <param name="x">The first tile's int8 activations from the first token on.</param>
    /// <param name="records">The first tile's records from the first token on.</param>
    /// <param name="ofTile">How many of the tokens are of the first tile.</param>
    /// <param name="tokens">1 … 16.</param>
    /// <param name="y">The first token's 16 outputs.</param>
    /// <param name="stride">Floats from one token's outputs to the next.</param>
    /// <param name="accumulate">Whether to add to the outputs.</param>
    public static void Run<TFormat>(byte* quants, float* scales, int columns, sbyte* x, float* records, int ofTile, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
        => Tile<TFormat, No>(quants, (byte*)scales, columns, x, records, ofTile, tokens, y, stride, accumulate);

    /// <summary>The same with the scales as the panel has them: for as many tokens as one call takes, expanding them costs a way through memory.</summary>
    public static void RunPacked<TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, int ofTile, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
        => Tile<TFormat, Yes>(quants, scales, columns, x, records, ofTile, tokens, y, stride, accumulate);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Tile<TFormat, TPacked>(byte* quants, byte* scales, int columns, sbyte* x, float* records, int ofTile, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
        where TPacked : struct, IFlag
    {
        float* sums = stackalloc float[(MostTokens + 1) * PanelFormats.Rows];
        sums = (float*)(((nint)sums + 63) & ~63);
        for (int token = 0; token < tokens; token++)
        {
            Vector512<float>.Zero.StoreAligned(sums + token * PanelFormats.Rows);
            // Outputs are far apart: stores that wait for their lines would hold up those of the sums behind them.
            Sse.Prefetch0(y + token * stride);
        }

        float* endOfTile = sums + ofTile * PanelFormats.Rows, endOfSums = sums + tokens * PanelFormats.Rows;
        byte* far = quants + FarBytes;
        // From a block's last token in the first tile to its first one in the next.
        nint toNextTile = Activations.TileTokens * (columns - PanelFormats.Block) / sizeof(int), toNextRecord = columns / PanelFormats.Block * Activations.RecordWords - Activations.TileTokens;
        for (int block = 0; block < columns / PanelFormats.Block; block++)
        {
            Prefetch<TFormat>(ref far, quants);
            Vector512<float> d, m0, m1;
            Vector512<short> s0, s1, b;
            if (TPacked.Value) PanelScales.Read<TFormat>(scales, block, out d, out m0, out m1, out s0, out s1, out b);
            else PanelScales.Load512<TFormat>((float*)scales + block * PanelScales.ExpandedWords<TFormat>(), out d, out m0, out m1, out s0, out s1, out b);
            Unpack<TFormat>(
                quants,
                out Vector512<byte> w0, out Vector512<byte> w1, out Vector512<byte> w2, out Vector512<byte> w3, out Vector512<byte> w4, out Vector512<byte> w5, out Vector512<byte> w6, out Vector512<byte> w7,
                out Vector512<byte> n0, out Vector512<byte> n1, out Vector512<byte> n2, out Vector512<byte> n3, out Vector512<byte> n4, out Vector512<byte> n5, out Vector512<byte> n6, out Vector512<byte> n7);
            Vector512<int> excess = Excess<TFormat>(w0, w1, w2, w3, w4, w5, w6, w7, n0, n1, n2, n3, n4, n5, n6, n7, s0);
            int* v = (int*)x;
            float* record = records;
            for (float* sum = sums; sum < endOfSums; sum += PanelFormats.Rows)
            {
                Token<TFormat, No>(Vector512.LoadAligned(sum), w0, w1, w2, w3, w4, w5, w6, w7, n0, n1, n2, n3, n4, n5, n6, n7, excess, d, m0, m1, s0, s1, b, v, record).StoreAligned(sum);
                v += PanelFormats.Block / sizeof(int);
                record++;
                if (sum + PanelFormats.Rows != endOfTile) continue;
                v += toNextTile;
                record += toNextRecord;
            }

            quants += PanelQuants.BlockBytes<TFormat>();
            x += Activations.TileTokens * PanelFormats.Block;
            records += Activations.RecordWords;
        }

        for (float* sum = sums; sum < endOfSums; sum += PanelFormats.Rows)
        {
            MatMul.Store(Vector512.LoadAligned(sum), y, accumulate);
            y += stride;
        }
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
            sum = Token<TFormat, Yes>(sum, w0, w1, w2, w3, w4, w5, w6, w7, n0, n1, n2, n3, n4, n5, n6, n7, default, d, m0, m1, s0, s1, b, (int*)x, record);
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

    /// <summary>One token's block into the rows' chains: its 32 int8 at x, its column of the block's record.</summary>
    /// <typeparam name="TFormat">The format.</typeparam>
    /// <typeparam name="TAlone">Whether the token is the only one of the call, which has no excess then.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Token<TFormat, TAlone>(
        Vector512<float> sum,
        Vector512<byte> w0, Vector512<byte> w1, Vector512<byte> w2, Vector512<byte> w3, Vector512<byte> w4, Vector512<byte> w5, Vector512<byte> w6, Vector512<byte> w7,
        Vector512<byte> n0, Vector512<byte> n1, Vector512<byte> n2, Vector512<byte> n3, Vector512<byte> n4, Vector512<byte> n5, Vector512<byte> n6, Vector512<byte> n7,
        Vector512<int> excess, Vector512<float> d, Vector512<float> m0, Vector512<float> m1, Vector512<short> s0, Vector512<short> s1, Vector512<short> b, int* x, float* record)
        where TFormat : struct, IPanelFormat
        where TAlone : struct, IFlag
    {
        Vector512<int> dot;
        if (PanelQuants.Saturates<TFormat>())
        {
            float* bits = (float*)x;
            Vector512<int> half = Byte<TAlone>(w0, n0, bits[0], s0) + Byte<TAlone>(w1, n1, bits[1], s0) + (Byte<TAlone>(w2, n2, bits[2], s0) + Byte<TAlone>(w3, n3, bits[3], s0));
            dot = half + (Byte<TAlone>(w4, n4, bits[4], s0) + Byte<TAlone>(w5, n5, bits[5], s0) + (Byte<TAlone>(w6, n6, bits[6], s0) + Byte<TAlone>(w7, n7, bits[7], s0)));
            if (!TAlone.Value) dot -= excess;
        }
        else
        {
            Vector512<sbyte> x0 = Vector512.Create(x[0]).AsSByte(), x1 = Vector512.Create(x[1]).AsSByte(), x2 = Vector512.Create(x[2]).AsSByte(), x3 = Vector512.Create(x[3]).AsSByte();
            Vector512<sbyte> x4 = Vector512.Create(x[4]).AsSByte(), x5 = Vector512.Create(x[5]).AsSByte(), x6 = Vector512.Create(x[6]).AsSByte(), x7 = Vector512.Create(x[7]).AsSByte();
            Vector512<short> a = Two(w0, x0, w1, x1), c = Two(w2, x2, w3, x3), e = Two(w4, x4, w5, x5), g = Two(w6, x6, w7, x7);
            if (PanelQuants.Exact<TFormat>() == 2) dot = Wide(a, s0) + Wide(c, s0) + (Wide(e, s1) + Wide(g, s1));
            else if (PanelQuants.Exact<TFormat>() == 4 || TFormat.Sub == 16) dot = Wide(a + c, s0) + Wide(e + g, s1);
            else dot = Wide(a + c + (e + g), s0);
            if (TFormat.Sub == 0 && (TFormat.Bias == 8 || TFormat.Bias == 16))
            {
                // A shift is no work for the ports that multiply.
                Vector512<int> eight = Vector512.Create(((int*)record)[Activations.EightSums]);
                dot -= TFormat.Bias == 8 ? eight : Vector512.ShiftLeft(eight, 1);
            }
            else if (TFormat.Bias != 0) dot -= Wide(Vector512.Create(((int*)record)[Activations.HalfSums]).AsInt16(), b);
        }

        sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), d * Vector512.Create(record[0]), sum);
        if (!TFormat.Min) return sum;
        if (TFormat.Sub != 16) return Vector512.FusedMultiplyAdd(m0, Vector512.Create(record[Activations.ScaledSums]), sum);
        (int first, int second) = Activations.Halves(record);
        sum = Vector512.FusedMultiplyAdd(m0, Vector512.Create(record[0] * first), sum);
        return Vector512.FusedMultiplyAdd(m1, Vector512.Create(record[0] * second), sum);
    }

    /// <summary>
    /// s · |w| · (x ^ negative), four columns: two products of magnitudes of up to 128 are at most 2 · 128 · 127, or exactly −2¹⁵.
    /// For a token alone, s · w · x: the excess is dearer than turning its signs whole.
    /// </summary>
    /// <remarks>x comes as the bits of a float: only with the float's xor the JIT lets one instruction broadcast and turn.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Byte<TAlone>(Vector512<byte> w, Vector512<byte> negative, float x, Vector512<short> factors)
        where TAlone : struct, IFlag
    {
        Vector512<sbyte> turned = Avx512DQ.Xor(negative.AsSingle(), Vector512.Create(x)).AsSByte();
        return Wide(Avx512BW.MultiplyAddAdjacent(w, TAlone.Value ? turned - negative.AsSByte() : turned), factors);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Two(Vector512<byte> w, Vector512<sbyte> x, Vector512<byte> v, Vector512<sbyte> z)
        => Avx512BW.MultiplyAddAdjacent(w, x) + Avx512BW.MultiplyAddAdjacent(v, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Wide(Vector512<short> sums, Vector512<short> factors) => Avx512BW.MultiplyAddAdjacent(sums, factors);
}
