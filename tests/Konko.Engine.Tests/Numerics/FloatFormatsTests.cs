using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Tests.Numerics;

public sealed class FloatFormatsTests
{
    [Fact]
    public void ExpandHalf_EveryPattern_EqualsTheRuntimes()
    {
        ForEachPattern(FloatFormats.ExpandHalf, FloatFormats.ExpandHalf, bits => (float)BitConverter.UInt16BitsToHalf(bits));
    }

    [Fact]
    public void ExpandBf16_EveryPattern_IsTheUpperHalf()
    {
        ForEachPattern(FloatFormats.ExpandBf16, FloatFormats.ExpandBf16, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16));
    }

    [Fact]
    public void NarrowBf16_ValuesOfEveryKind_AreTheNearestWithTiesToEven()
    {
        float[] samples = FloatSamples.All(20_011);
        for (int i = 0; i < samples.Length; i += 16)
        {
            Vector256<ushort> narrowed = FloatFormats.NarrowBf16(Vector512.Create(samples.AsSpan(i, 16)));
            for (int lane = 0; lane < 16; lane++)
            {
                float x = samples[i + lane];
                ushort actual = FloatFormats.NarrowBf16(x);
                Assert.Equal(actual, narrowed[lane]);
                if (float.IsNaN(x)) Assert.True(float.IsNaN(FloatFormats.ExpandBf16(actual)));
                else Assert.Equal(Nearest(x), actual);
            }
        }
    }

    [Theory]
    [InlineData(0x3F808000u, 0x3F80)]
    [InlineData(0x3F818000u, 0x3F82)]
    [InlineData(0x3F808001u, 0x3F81)]
    [InlineData(0x7F7FFFFFu, 0x7F80)]
    [InlineData(0x00008000u, 0x0000)]
    [InlineData(0x80018000u, 0x8002)]
    [InlineData(0x7F800001u, 0x7FC0)]
    public void NarrowBf16_TiesAndEnds_RoundAsStated(uint bits, int expected)
        => Assert.Equal(expected, FloatFormats.NarrowBf16(BitConverter.UInt32BitsToSingle(bits)));

    private static ushort Nearest(float x)
    {
        // Both neighbours in double; an even pattern wins a tie, and infinity counts as 2¹²⁸.
        uint low = BitConverter.SingleToUInt32Bits(x) >> 16;
        uint high = low + 1;
        if (float.IsInfinity(x)) return (ushort)low;
        double below = Math.Abs(x - Value(low)), above = Math.Abs(Value(high) - x);
        return (ushort)(below < above || (below == above && low % 2 == 0) ? low : high);

        static double Value(uint pattern) => (pattern & 0x7FFF) == 0x7F80
            ? (pattern == 0x7F80 ? 1 : -1) * Math.ScaleB(1, 128)
            : BitConverter.UInt32BitsToSingle(pattern << 16);
    }

    private static void ForEachPattern(Func<Vector256<ushort>, Vector512<float>> vector, Func<ushort, float> scalar, Func<ushort, float> expected)
    {
        for (int start = 0; start < 65536; start += 16)
        {
            ushort[] patterns = [.. Enumerable.Range(start, 16).Select(i => (ushort)i)];
            Vector512<float> lanes = vector(Vector256.Create(patterns));
            for (int lane = 0; lane < 16; lane++)
            {
                float want = expected(patterns[lane]);
                Assert.Equal(BitConverter.SingleToInt32Bits(scalar(patterns[lane])), BitConverter.SingleToInt32Bits(lanes[lane]));
                if (float.IsNaN(want)) Assert.True(float.IsNaN(lanes[lane]));
                else Assert.Equal(BitConverter.SingleToInt32Bits(want), BitConverter.SingleToInt32Bits(lanes[lane]));
            }
        }
    }
}
