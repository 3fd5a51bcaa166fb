using Konko.Engine.Kernels;

namespace Konko.Engine.Tests.Kernels;

public sealed unsafe class QuantizerTests
{
    [Fact]
    public void Run_ZeroAndTinyAndLargeBlocks_FollowTheDefinition()
    {
        using var activations = new Activations(1, 128);
        float* x = activations.Values(0);
        for (int i = 0; i < 32; i++)
        {
            x[i] = 0;
            x[32 + i] = 1e-39f;
            x[64 + i] = i - 15.5f;
            x[96 + i] = i == 3 ? -3e38f : 1e30f;
        }

        Quantizer.Run(activations, 0, 128);
        sbyte* q = activations.Quants(0, 128);
        float* record = activations.Records(0, 128);
        Assert.Equal(0, record[0]);
        Assert.Equal(0, record[Activations.RecordWords]);
        for (int i = 0; i < 32; i++)
        {
            Assert.Equal(0, q[i]);
            Assert.Equal(0, q[256 + i]);
            Assert.Equal((sbyte)MathF.Round((i - 15.5f) * (127f / 15.5f), MidpointRounding.ToEven), q[512 + i]);
        }

        Assert.Equal(-127, q[768 + 3]);
        Assert.Equal(3e38f / 127f, record[3 * Activations.RecordWords]);
    }

    [Fact]
    public void Run_RandomBlocks_GiveTheBitsOfTheDefinition()
    {
        const int columns = 32 * 64;
        var random = new Random(3);
        using var activations = new Activations(2, columns);
        float* x = activations.Values(1);
        for (int i = 0; i < columns; i++) x[i] = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 6)));

        Quantizer.Run(activations, 1, columns);
        using var alone = new Activations(2, columns);
        for (int block = 0; block < columns / 32; block++)
        {
            Quantizer.RunBlock(x + block * 32, alone, 1, 1, columns, block);
            (sbyte[] q, float a) = Defined(new ReadOnlySpan<float>(x + block * 32, 32));
            foreach (Activations made in (Activations[])[activations, alone])
            {
                Assert.Equal(q, new ReadOnlySpan<sbyte>(made.Quants(0, columns) + block * 256 + 32, 32).ToArray());
                float* record = made.Records(0, columns) + block * Activations.RecordWords + 1;
                int first = q[..16].Sum(v => v), second = q[16..].Sum(v => v);
                Assert.Equal(a, record[0]);
                Assert.Equal(a * (first + second), record[Activations.ScaledSums]);
                Assert.Equal(8 * (first + second), ((int*)record)[Activations.EightSums]);
                Assert.Equal((first, second), Activations.Halves(record));
            }
        }
    }

    [Fact]
    public void Run_NoNumberInABlock_MakesItZeroOrNoNumber()
    {
        using var activations = new Activations(1, 64);
        for (int i = 0; i < 64; i++) activations.Values(0)[i] = i;
        activations.Values(0)[5] = float.NaN;
        activations.Values(0)[40] = float.NegativeInfinity;

        Quantizer.Run(activations, 0, 64);
        Assert.All(Enumerable.Range(0, 2), block => Assert.All(new ReadOnlySpan<sbyte>(activations.Quants(0, 64) + block * 256, 32).ToArray(), q => Assert.Equal(0, q)));
        float* record = activations.Records(0, 64);
        Assert.Equal(0, record[0]);
        Assert.Equal(float.PositiveInfinity, record[Activations.RecordWords]);
        Assert.Equal(float.NaN, record[Activations.RecordWords + Activations.ScaledSums]);
    }

    private static (sbyte[] Quants, float Scale) Defined(ReadOnlySpan<float> x)
    {
        float amax = 0;
        foreach (float value in x) amax = MathF.Max(amax, MathF.Abs(value));
        float inverse = 127f / amax;
        sbyte[] quants = new sbyte[x.Length];
        for (int i = 0; i < x.Length; i++) quants[i] = (sbyte)MathF.Round(x[i] * inverse, MidpointRounding.ToEven);
        return (quants, amax / 127f);
    }
}
