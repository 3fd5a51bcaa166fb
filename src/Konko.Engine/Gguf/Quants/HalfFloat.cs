using Konko.Engine.Numerics;

namespace Konko.Engine.Gguf.Quants;

/// <summary>Conversions between float32 and the 16-bit formats, by bits, so that they are alike on every machine.</summary>
public static class HalfFloat
{
    /// <summary>IEEE half precision to float32, exactly; the payload of a NaN is kept.</summary>
    /// <param name="bits">The half's bits.</param>
    public static float ToSingle(ushort bits) => FloatFormats.ExpandHalf(bits);

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
    public static float FromBFloat16(ushort bits) => FloatFormats.ExpandBf16(bits);

    /// <summary>float32 to the nearest bfloat16, ties to even; a NaN stays a quiet NaN.</summary>
    /// <param name="value">Any float32.</param>
    public static ushort ToBFloat16(float value) => FloatFormats.NarrowBf16(value);
}
