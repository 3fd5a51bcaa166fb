using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Numerics;

/// <summary>16-bit floats to float32 and back by integer operations, alike on every machine.</summary>
public static class FloatFormats
{
    /// <summary>Half precision to float32, exact, subnormals, infinities and NaNs included.</summary>
    /// <param name="half">The bits of 16 values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpandHalf(Vector256<ushort> half)
    {
        // Exponent and mantissa moved into place are the value times 2⁻¹¹², so that one exact product puts it right.
        Vector512<uint> bits = Widen(half);
        Vector512<uint> magnitude = Vector512.ShiftLeft(bits & Vector512.Create(0x7FFFu), 13);
        Vector512<uint> sign = Vector512.ShiftLeft(bits & Vector512.Create(0x8000u), 16);
        Vector512<uint> special = Vector512.GreaterThan(magnitude.AsInt32(), Vector512.Create((0x7C00 << 13) - 1)).AsUInt32();
        Vector512<float> scaled = magnitude.AsSingle() * Vector512.Create(TwoTo112);
        return (scaled.AsUInt32() | (special & Vector512.Create(0x7F800000u)) | sign).AsSingle();
    }

    /// <summary>Half precision to float32, exact, subnormals, infinities and NaNs included.</summary>
    /// <param name="half">The bits.</param>
    public static float ExpandHalf(ushort half)
    {
        uint magnitude = (half & 0x7FFFu) << 13;
        uint sign = (half & 0x8000u) << 16;
        uint special = magnitude >= 0x7C00u << 13 ? 0x7F800000u : 0;
        float scaled = BitConverter.UInt32BitsToSingle(magnitude) * TwoTo112;
        return BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(scaled) | special | sign);
    }

    /// <summary>bfloat16 to float32, exact.</summary>
    /// <param name="bf16">The bits of 16 values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpandBf16(Vector256<ushort> bf16) => Vector512.ShiftLeft(Widen(bf16), 16).AsSingle();

    /// <summary>bfloat16 to float32, exact.</summary>
    /// <param name="bf16">The bits.</param>
    public static float ExpandBf16(ushort bf16) => BitConverter.UInt32BitsToSingle((uint)bf16 << 16);

    /// <summary>float32 to bfloat16, to nearest, ties to even; overflow gives ∞, a NaN stays a (quiet) NaN.</summary>
    /// <param name="values">16 values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> NarrowBf16(Vector512<float> values)
    {
        Vector512<uint> bits = values.AsUInt32();
        Vector512<uint> top = Vector512.ShiftRightLogical(bits, 16);
        Vector512<uint> rounded = Vector512.ShiftRightLogical(bits + Vector512.Create(0x7FFFu) + (top & Vector512<uint>.One), 16);
        Vector512<uint> number = Vector512.Equals(values, values).AsUInt32();
        Vector512<uint> result = Vector512.ConditionalSelect(number, rounded, top | Vector512.Create(0x40u));
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector256UInt16(result);
        return Vector256.Narrow(result.GetLower(), result.GetUpper());
    }

    /// <summary>float32 to bfloat16, to nearest, ties to even; overflow gives ∞, a NaN stays a (quiet) NaN.</summary>
    /// <param name="value">The value.</param>
    public static ushort NarrowBf16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint top = bits >> 16;
        return (ushort)(float.IsNaN(value) ? top | 0x40 : (bits + 0x7FFF + (top & 1)) >> 16);
    }

    private const float TwoTo112 = 5.192296858534828e33f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Widen(Vector256<ushort> values) => Vector512.WidenLower(values.ToVector512Unsafe());
}
