using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quants;

namespace Konko.Engine.Tests.Gguf.Quants;

public sealed class QuantizerTests(ITestOutputHelper output)
{
    public static TheoryData<GgmlType> Types() => [.. Quantizer.Types];

    // Expected of a uniform rounding: the mean step over blocks of a normal distribution, divided by √12.
    [Theory]
    [InlineData(GgmlType.F32, 0, 0)]
    [InlineData(GgmlType.F16, 0.0001, 0.0003)]
    [InlineData(GgmlType.BF16, 0.001, 0.003)]
    [InlineData(GgmlType.Q8_0, 0.004, 0.006)]
    [InlineData(GgmlType.Q6_K, 0.014, 0.020)]
    [InlineData(GgmlType.Q5_K, 0.027, 0.036)]
    [InlineData(GgmlType.Q5_1, 0.030, 0.038)]
    [InlineData(GgmlType.Q5_0, 0.036, 0.044)]
    [InlineData(GgmlType.Q4_K, 0.060, 0.072)]
    [InlineData(GgmlType.Q4_1, 0.062, 0.072)]
    [InlineData(GgmlType.IQ4_NL, 0.062, 0.080)]
    [InlineData(GgmlType.Q4_0, 0.072, 0.086)]
    public void Row_NormalValues_HasTheTypesError(GgmlType type, double least, double most)
    {
        float[] values = Normal(64 * 1024, 1);

        Assert.InRange(Error(values, RoundTrip(type, values)), least, most);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Row_ValuesTimesAPowerOfTwo_GiveExactlyThatMultiple(GgmlType type)
    {
        float[] values = Normal(8 * 1024, 2);
        float[] large = [.. values.Select(x => x * 64)];

        Assert.Equal(RoundTrip(type, values).Select(x => x * 64), RoundTrip(type, large));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Row_Zeros_StayZeros(GgmlType type) => Assert.All(RoundTrip(type, new float[512]), x => Assert.Equal(0f, x));

    [Theory]
    [MemberData(nameof(Types))]
    public void Row_TinyLargeAndConstantValues_StayFiniteAndNear(GgmlType type)
    {
        foreach (float value in new[] { 1e-30f, 1e-6f, 0.37f, -0.37f, 65504f, -65504f })
        {
            float[] values = new float[256];
            Array.Fill(values, value);
            // Scales below half precision's subnormals vanish; else a constant is within half a step of itself.
            Assert.All(RoundTrip(type, values), x => Assert.InRange(MathF.Abs(x - value), 0, MathF.Max(MathF.Abs(value) / 15, 1e-6f)));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-65536f)]
    public void Row_ValuesThatDoNotFit_AreRefused(float value)
    {
        float[] values = new float[256];
        values[77] = value;
        foreach (GgmlType type in Quantizer.Types.Where(type => type is not (GgmlType.F32 or GgmlType.F16 or GgmlType.BF16)))
        {
            var e = Assert.Throws<GgufException>(() => RoundTrip(type, values));
            Assert.Contains("77", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Row_TypeThatIsOnlyRead_IsRefusedByName()
    {
        var e = Assert.Throws<GgufException>(() => Quantizer.Row(GgmlType.IQ4_XS, new float[256], new byte[136]));

        Assert.Contains("IQ4_XS", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-q4_0")]
    [InlineData("llama-q4_1")]
    [InlineData("llama-q8_0")]
    public void Row_TinyModelsWeights_AreNoWorseThanTheReferences(string name)
    {
        using GgufFile exact = GgufFile.Open(GgufTestFiles.TinyModel("llama-f16"));
        using GgufFile reference = GgufFile.Open(GgufTestFiles.TinyModel(name));
        int compared = 0;
        foreach (GgufTensor tensor in reference.Tensors.Where(tensor => tensor.Type != GgmlType.F32))
        {
            float[] values = Values(exact, tensor.Name);
            double theirs = Error(values, Values(reference, tensor.Name));
            double ours = Error(values, RoundTrip(tensor.Type, values));
            Assert.True(ours <= 1.02 * theirs, $"{tensor}: {ours} against {theirs}");
            compared++;
        }

        Assert.Equal(16, compared);
    }

    // How much of plain rounding's error is left.
    [Theory]
    [InlineData(GgmlType.Q8_0, 1.0001)]
    [InlineData(GgmlType.Q4_0, 0.95)]
    [InlineData(GgmlType.Q5_0, 0.98)]
    [InlineData(GgmlType.Q4_1, 0.92)]
    [InlineData(GgmlType.Q5_1, 0.97)]
    [InlineData(GgmlType.IQ4_NL, 0.97)]
    [InlineData(GgmlType.Q4_K, 0.92)]
    [InlineData(GgmlType.Q5_K, 0.97)]
    [InlineData(GgmlType.Q6_K, 0.98)]
    public void Row_TinyModelsWeights_AreBetterThanPlainRounding(GgmlType type, double most)
    {
        using GgufFile exact = GgufFile.Open(GgufTestFiles.TinyModel("llama-f16"));
        float[] values = [.. exact.Tensors.Where(tensor => tensor.Dimensions.Count == 2).SelectMany(tensor => Values(exact, tensor.Name))];

        double ratio = Error(values, RoundTrip(type, values)) / Error(values, PlainRounding.RoundTrip(type, values));

        output.WriteLine($"{type}: {ratio:F4} of plain rounding's error");
        Assert.InRange(ratio, 0.5, most);
    }

    [Theory]
    [InlineData(GgmlType.Q4_0)]
    [InlineData(GgmlType.Q5_0)]
    [InlineData(GgmlType.Q4_1)]
    [InlineData(GgmlType.Q5_1)]
    [InlineData(GgmlType.IQ4_NL)]
    public void Row_EachBlock_IsNoWorseThanPlainRounding(GgmlType type)
    {
        float[] values = Normal(32 * 1024, 3);
        float[] plain = PlainRounding.RoundTrip(type, values);
        float[] found = RoundTrip(type, values);
        for (int i = 0; i < values.Length; i += 32)
        {
            Assert.InRange(Error(values[i..(i + 32)], found[i..(i + 32)]), 0, 1.00001 * Error(values[i..(i + 32)], plain[i..(i + 32)]));
        }
    }

    [Theory]
    [InlineData(GgmlType.Q4_K, 15)]
    [InlineData(GgmlType.Q5_K, 31)]
    public void Row_SuperBlocks_AreAsGoodAsAnExhaustiveSearch(GgmlType type, int top)
    {
        float[] values = Normal(16 * 1024, 4);
        float[] exhaustive = [.. values.Chunk(32).SelectMany(block => Exhaustive(block, top))];

        double ratio = Error(values, RoundTrip(type, values)) / Error(values, exhaustive);

        // The search is weighted and its scales have 6 bits; the yardstick is free of both.
        output.WriteLine($"{type}: {ratio:F4} of an exhaustive search's error");
        Assert.InRange(ratio, 0.99, 1.06);
    }

    [Theory]
    [InlineData(GgmlType.Q8_0)]
    [InlineData(GgmlType.Q4_0)]
    [InlineData(GgmlType.Q5_0)]
    [InlineData(GgmlType.Q4_1)]
    [InlineData(GgmlType.Q5_1)]
    public void Row_ValuesThatAreOfTheTypeAlready_StayNearlyAsTheyAre(GgmlType type)
    {
        float[] values = Normal(8 * 1024, 5);
        float[] once = RoundTrip(type, values);

        // Half precision's rounding of a scale may find another one than before, hardly different.
        Assert.InRange(Error(once, RoundTrip(type, once)), 0, 0.06 * Error(values, once));
    }

    private static float[] Values(GgufFile file, string name)
    {
        GgufTensor tensor = file.GetTensor(name);
        byte[] bytes = new byte[tensor.ByteLength];
        file.Read(tensor, bytes, 0);
        float[] values = new float[tensor.Elements];
        Dequantizer.Row(tensor.Type, bytes, values);
        return values;
    }

    private static float[] RoundTrip(GgmlType type, float[] values)
    {
        byte[] blocks = new byte[GgmlTypeInfo.Of(type).RowBytes(values.Length)];
        Quantizer.Row(type, values, blocks);
        float[] back = new float[values.Length];
        Dequantizer.Row(type, blocks, back);
        return back;
    }

    private static double Error(float[] expected, float[] actual)
    {
        double sum = 0;
        for (int i = 0; i < expected.Length; i++) sum += ((double)expected[i] - actual[i]) * ((double)expected[i] - actual[i]);
        return Math.Sqrt(sum / expected.Length);
    }

    // Every scale from a half to more than the range's and many offsets, without weights and with exact numbers.
    private static float[] Exhaustive(float[] block, int top)
    {
        double min = Math.Min(block.Min(), 0);
        double range = Math.Max(block.Max(), 0) - min;
        double[] best = [];
        double least = double.MaxValue;
        for (int i = 0; i < 60; i++)
        {
            for (int j = 0; j < 20; j++)
            {
                double scale = range / top * (0.75 + 0.005 * i);
                double offset = min * (1 - 0.0125 * j);
                double[] tried = [.. block.Select(x => scale * Math.Clamp(Math.Round((x - offset) / scale), 0, top) + offset)];
                double error = tried.Zip(block).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second));
                if (error < least) (best, least) = (tried, error);
            }
        }

        return [.. best.Select(x => (float)x)];
    }

    // Twelve uniform numbers add up to a near normal one with deviation 1.
    private static float[] Normal(int count, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            double sum = -6;
            for (int j = 0; j < 12; j++) sum += random.NextDouble();
            values[i] = (float)sum;
        }

        return values;
    }
}
