using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Konko.Engine.Gguf.Quants;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>The scales of one block of eight-bit weights, sixteen rows, expanded once for all tokens of a tile.</summary>
internal readonly unsafe ref struct BlockScales
{
    private readonly Vector512<float> _scale;
    private readonly Vector512<float> _min0;
    private readonly Vector512<float> _min1;
    private readonly Vector512<int> _sub0;
    private readonly Vector512<int> _sub1;

    private BlockScales(Vector512<float> scale, Vector512<float> min0, Vector512<float> min1, Vector512<int> sub0, Vector512<int> sub1)
        => (_scale, _min0, _min1, _sub0, _sub1) = (scale, min0, min1, sub0, sub1);

    /// <summary>Reads a block's scales.</summary>
    /// <param name="scales">The panel's scales.</param>
    /// <param name="block">The block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockScales Read<TFormat>(byte* scales, int block)
        where TFormat : struct, IQ8Format
    {
        if (!TFormat.Super)
        {
            byte* at = scales + block * TFormat.ScaleBytes;
            if (TFormat.Exponent) return new BlockScales(Powers(at), default, default, default, default);
            return new BlockScales(Halves(at), TFormat.Min ? Halves(at + 32) : default, default, default, default);
        }

        byte* super = scales + (block >> 3) * TFormat.ScaleBytes;
        byte* sub = super + (TFormat.Min ? 64 : 32) + (block & 7) * 32;
        Vector512<float> min0 = default, min1 = default;
        if (TFormat.Min)
        {
            Vector512<float> e = -Halves(super + 32);
            min0 = e * Vector512.ConvertToSingle(Bytes(sub + 256));
            min1 = e * Vector512.ConvertToSingle(Bytes(sub + 256 + 16));
        }

        return new BlockScales(Halves(super), min0, min1, Bytes(sub), Bytes(sub + 16));
    }

    /// <summary>Adds one token's block to the rows' chains.</summary>
    /// <param name="sum">The chains.</param>
    /// <param name="first">Σ (q + 128) · x of the first 16 columns; unused where there are no scales of 16.</param>
    /// <param name="rest">The same of the second 16, or of all 32.</param>
    /// <param name="record">The token's column of the block's record.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Join<TFormat>(Vector512<float> sum, Vector512<int> first, Vector512<int> rest, float* record)
        where TFormat : struct, IQ8Format
    {
        int* sums = (int*)record;
        Vector512<int> dot = TFormat.Super
            ? (first - Vector512.Create(sums[24] << 7)) * _sub0 + (rest - Vector512.Create(sums[32] << 7)) * _sub1
            : rest - Vector512.Create(sums[16] << 7);
        sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), _scale * Vector512.Create(record[0]), sum);
        if (!TFormat.Min) return sum;
        if (!TFormat.Super) return Vector512.FusedMultiplyAdd(_min0, Vector512.Create(record[8]), sum);
        sum = Vector512.FusedMultiplyAdd(_min0, Vector512.Create(record[0] * sums[24]), sum);
        return Vector512.FusedMultiplyAdd(_min1, Vector512.Create(record[0] * sums[32]), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Halves(byte* at)
        => Avx512F.IsSupported ? MatMulQ4Avx512.ExpandHalves(at) : FloatFormats.ExpandHalf(Vector256.LoadAligned((ushort*)at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Bytes(byte* at)
    {
        (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(Vector128.LoadAligned((sbyte*)at));
        (Vector256<int> first, Vector256<int> second) = Vector256.Widen(Vector256.Create(lower, upper));
        return Vector512.Create(first, second);
    }

    private static Vector512<float> Powers(byte* at)
    {
        Vector512<float> powers = default;
        for (int i = 0; i < 16; i++) powers = powers.WithElement(i, BlocksCodebook.HalfPowerOfTwo(at[i]));
        return powers;
    }
}
