using Konko.Engine.Gguf.Quants;

namespace Konko.Engine.Tests.Gguf.Quants;

public sealed class HalfFloatTests
{
    [Fact]
    public void ToSingle_EveryHalf_EqualsTheRuntimes()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            float actual = HalfFloat.ToSingle((ushort)bits);
            if (float.IsNaN(expected)) Assert.True(float.IsNaN(actual), $"{bits:x4}");
            else Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(actual));
        }
    }

    [Fact]
    public void FromSingle_EveryHalf_ComesBack()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float value = HalfFloat.ToSingle((ushort)bits);
            if (!float.IsNaN(value)) Assert.Equal(bits, HalfFloat.FromSingle(value));
            else Assert.True(float.IsNaN(HalfFloat.ToSingle(HalfFloat.FromSingle(value))), $"{bits:x4}");
        }
    }

    [Fact]
    public void FromSingle_AroundEveryBorder_EqualsTheRuntimes()
    {
        // Halfway between two halves, and its two neighbours: the places where rounding decides.
        for (int bits = 0; bits < 0x7c00; bits++)
        {
            uint low = BitConverter.SingleToUInt32Bits(HalfFloat.ToSingle((ushort)bits));
            float halfway = (float)((HalfFloat.ToSingle((ushort)bits) + (double)(bits == 0x7bff ? 65536f : HalfFloat.ToSingle((ushort)(bits + 1)))) / 2);
            foreach (float value in new[] { BitConverter.UInt32BitsToSingle(low + 1), MathF.BitDecrement(halfway), halfway, MathF.BitIncrement(halfway) })
            {
                Assert.Equal(BitConverter.HalfToUInt16Bits((Half)value), HalfFloat.FromSingle(value));
                Assert.Equal(BitConverter.HalfToUInt16Bits((Half)(-value)), HalfFloat.FromSingle(-value));
            }
        }
    }

    [Theory]
    [InlineData(float.PositiveInfinity, 0x7c00)]
    [InlineData(float.NegativeInfinity, 0xfc00)]
    [InlineData(float.MaxValue, 0x7c00)]
    [InlineData(65519.996f, 0x7bff)]
    [InlineData(65520f, 0x7c00)]
    [InlineData(float.Epsilon, 0)]
    [InlineData(-0f, 0x8000)]
    public void FromSingle_Extremes_Round(float value, int expected) => Assert.Equal(expected, HalfFloat.FromSingle(value));

    [Theory]
    [InlineData(0x3f800000u, 0x3f80)]
    [InlineData(0x3f808000u, 0x3f80)]
    [InlineData(0x3f818000u, 0x3f82)]
    [InlineData(0x3f808001u, 0x3f81)]
    [InlineData(0x7f7fffffu, 0x7f80)]
    [InlineData(0x7f800001u, 0x7fc0)]
    [InlineData(0xff800000u, 0xff80)]
    public void ToBFloat16_TiesAndExtremes_RoundToEven(uint bits, int expected)
        => Assert.Equal(expected, HalfFloat.ToBFloat16(BitConverter.UInt32BitsToSingle(bits)));
}
