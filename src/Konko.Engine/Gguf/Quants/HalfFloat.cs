namespace Konko.Engine.Gguf.Quants;

/// <summary>Conversions between float32 and the 16-bit formats, by bits, so that they are alike on every machine.</summary>
public static class HalfFloat
{
    /// <summary>IEEE half precision to float32, exactly; the payload of a NaN is kept.</summary>
    /// <param name="bits">The half's bits.</param>
    public static float ToSingle(ushort bits)
    {
        uint sign = (uint)(bits & 0x8000) << 16;
        uint exponent = (uint)(bits >> 10) & 0x1f;
        uint fraction = (uint)bits & 0x3ff;
        if (exponent == 0)
        {
            // A subnormal is its fraction times 2⁻²⁴, exact in float32.
            float magnitude = fraction * (1f / (1 << 24));
            return BitConverter.UInt32BitsToSingle(sign | BitConverter.SingleToUInt32Bits(magnitude));
        }

        uint wide = exponent == 0x1f ? 0xffu : exponent + (127 - 15);
        return BitConverter.UInt32BitsToSingle(sign | (wide << 23) | (fraction << 13));
    }

    /// <summary>float32 to the nearest half, ties to even; too large is infinity, a NaN stays a quiet NaN.</summary>
    /// <param name="value">Any float32.</param>
    public static ushort FromSingle(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint sign = (bits >> 16) & 0x8000;
        uint magnitude = bits & 0x7fff_ffff;
        if (magnitude > 0x7f80_0000) return (ushort)(sign | 0x7e00 | ((magnitude >> 13) & 0x3ff));
        if (magnitude >= 0x4780_0000) return (ushort)(sign | 0x7c00); // 65,536 and more
        if (magnitude < 0x3880_0000)
        {
            // Below 2⁻¹⁴ the half is a multiple of 2⁻²⁴: adding 0.5 lets float32's own rounding find it.
            float rounded = BitConverter.UInt32BitsToSingle(magnitude) + 0.5f;
            return (ushort)(sign | (BitConverter.SingleToUInt32Bits(rounded) - 0x3f00_0000));
        }

        // Rebias the exponent, then round the 13 bits that go; a carry runs into the exponent as it should.
        uint odd = (magnitude >> 13) & 1;
        return (ushort)(sign | ((magnitude - 0x3800_0000 + 0xfff + odd) >> 13));
    }

    /// <summary>bfloat16 to float32, exactly.</summary>
    /// <param name="bits">The upper half of the float32.</param>
    public static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>float32 to the nearest bfloat16, ties to even; a NaN stays a quiet NaN.</summary>
    /// <param name="value">Any float32.</param>
    public static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if ((bits & 0x7fff_ffff) > 0x7f80_0000) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
}
