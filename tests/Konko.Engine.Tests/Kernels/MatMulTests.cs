using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Engine.Tests.Kernels;

public sealed unsafe class MatMulTests
{
    private const int Rows = 48;

    public static TheoryData<string, int> Cases()
    {
        var data = new TheoryData<string, int>();
        foreach (GgmlType type in PanelRows.Quantised)
            foreach (int columns in (int[])[256, 768])
                data.Add(type.ToString(), columns);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_EveryKernelAndTile_GivesTheScalarBits(string name, int columns)
    {
        GgmlType type = Enum.Parse<GgmlType>(name);
        var random = new Random(columns);
        using PackedMatrix matrix = PanelRows.Random(random, type, Rows, columns);
        using var activations = new Activations(8, columns);
        PanelFormat format = matrix.Format;
        Fill(random, activations, 8, columns);
        foreach (bool accumulate in (bool[])[false, true])
        {
            List<Kernel> kernels = PanelFormats.Visit<KernelList, List<Kernel>>(format, default);
            float[] expected = Product(matrix, activations, accumulate, kernels[0], 8);
            Assert.All(expected, value => Assert.True(float.IsFinite(value)));
            foreach (Kernel kernel in kernels)
                for (int tokens = 1; tokens <= 8; tokens++)
                    Assert.Equal(expected[..(tokens * Rows)], Product(matrix, activations, accumulate, kernel, tokens)[..(tokens * Rows)]);
        }
    }

    [Fact]
    public void Run_BytesAndActivationsAtTheirEnds_GivesTheScalarBits()
    {
        const int columns = 64, blockBytes = 34;
        var random = new Random(7);
        using var matrix = new PackedMatrix(Repacker.FormatOf(GgmlType.Q8_0)!.Value, Rows, columns);
        byte[] row = new byte[columns / 32 * blockBytes];
        for (int r = 0; r < Rows; r++)
        {
            for (int i = 0; i < row.Length; i++) row[i] = unchecked((byte)(r % 3 == 0 || random.Next(2) == 0 ? -128 : 127));
            for (int block = 0; block < row.Length; block += blockBytes) BitConverter.TryWriteBytes(row.AsSpan(block), BitConverter.HalfToUInt16Bits((Half)1));
            fixed (byte* source = row) Assert.True(Repacker.PackRow(GgmlType.Q8_0, source, matrix, r));
        }

        using var activations = new Activations(8, columns);
        for (int token = 0; token < 8; token++)
        {
            for (int k = 0; k < columns; k++) activations.Values(token)[k] = token switch { 0 => 1, 1 => -1, _ => random.Next(2) * 2 - 1 };
            Quantizer.Run(activations, token, columns);
        }

        List<Kernel> kernels = PanelFormats.Visit<KernelList, List<Kernel>>(matrix.Format, default);
        float[] expected = Product(matrix, activations, false, kernels[0], 8);
        Assert.Equal(-128 * 127 * columns / 127f, expected[0], 0.01f);
        foreach (Kernel kernel in kernels) Assert.Equal(expected, Product(matrix, activations, false, kernel, 8));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_AnyNumberOfTokens_GivesEachTokenTheBitsItHasAlone(string name, int columns)
    {
        GgmlType type = Enum.Parse<GgmlType>(name);
        var random = new Random(columns + 1);
        using PackedMatrix matrix = PanelRows.Random(random, type, Rows, columns);
        const int tokens = 85;
        using var together = new Activations(tokens, columns);
        Fill(random, together, tokens, columns);
        using var scratch = new AlignedBuffer<float>(PanelScales.MostExpandedWords(columns));
        float[][] all = [Some(0, tokens), Some(0, 64), Some(0, 16), Some(0, 9), Some(8, 13), Some(16, 69)];
        using var single = new Activations(1, columns);
        float[] one = new float[Rows];
        for (int token = 0; token < tokens; token++)
        {
            new ReadOnlySpan<float>(together.Values(token), columns).CopyTo(new Span<float>(single.Values(0), columns));
            Quantizer.Run(single, 0, columns);
            fixed (float* y = one) MatMul.Run(new Product(matrix, (nint)y, Rows, false), single, 0, 1, 0, matrix.Panels, scratch.Pointer);
            foreach (float[] some in all)
                if (!float.IsNaN(some[token * Rows])) Assert.Equal(one, some[(token * Rows)..((token + 1) * Rows)]);
        }

        float[] Some(int first, int count)
        {
            float[] some = new float[tokens * Rows];
            Array.Fill(some, float.NaN);
            fixed (float* y = some) MatMul.Run(new Product(matrix, (nint)y, Rows, false), together, first, count, 0, matrix.Panels, scratch.Pointer);
            Assert.Equal(count * Rows, some.Count(value => !float.IsNaN(value)));
            return some;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_AgainstDoubles_StaysWithinTheActivationsRounding(string name, int columns)
    {
        GgmlType type = Enum.Parse<GgmlType>(name);
        var random = new Random(columns + 2);
        using PackedMatrix matrix = PanelRows.Random(random, type, Rows, columns);
        using var activations = new Activations(1, columns);
        Fill(random, activations, 1, columns);
        float[] y = new float[Rows];
        using var scratch = new AlignedBuffer<float>(PanelScales.MostExpandedWords(columns));
        fixed (float* p = y) MatMul.Run(new Product(matrix, (nint)p, Rows, false), activations, 0, 1, 0, matrix.Panels, scratch.Pointer);
        float[] weights = new float[columns];
        for (int row = 0; row < Rows; row++)
        {
            fixed (float* w = weights) RowReader.Read(matrix, row, w);
            double sum = 0, size = 0;
            for (int k = 0; k < columns; k++)
            {
                sum += (double)weights[k] * activations.Values(0)[k];
                size += Math.Abs((double)weights[k] * activations.Values(0)[k]);
            }

            Assert.InRange(y[row], sum - 0.02 * size, sum + 0.02 * size);
        }
    }

    /// <summary>A kernel, whichever form of the scales it reads.</summary>
    private delegate void Kernel(byte* quants, byte* scales, float* expanded, int columns, sbyte* x, float* records, int tokens, float* y, bool accumulate);

    /// <summary>The kernels of a format that this machine can run; the first is the scalar one.</summary>
    private readonly struct KernelList : IPanelVisitor<List<Kernel>>
    {
        public List<Kernel> Run<TFormat>()
            where TFormat : struct, IPanelFormat
        {
            List<Kernel> kernels = [(q, s, _, columns, x, records, tokens, y, accumulate) => MatMulScalar.Run<TFormat>(q, s, columns, x, records, tokens, y, Rows, accumulate)];
            if (Avx512BW.IsSupported) kernels.Add((q, s, _, columns, x, records, tokens, y, accumulate) => MatMulAvx512.Run<TFormat>(q, s, columns, x, records, tokens, tokens, y, Rows, accumulate));
            if (Avx512BW.IsSupported) kernels.Add(OneByOne<TFormat>());
            if (Avx2.IsSupported) kernels.Add(Expanded<TFormat>(MatMulAvx2.Run<TFormat>));
            if (Avx2.IsSupported) kernels.Add(Expanded<TFormat>(MatMulAvx2.RunWithoutVnni<TFormat>));
            if (Dp.IsSupported) kernels.Add(Expanded<TFormat>(MatMulNeon.Run<TFormat>));
            return kernels;
        }

        private static Kernel Expanded<TFormat>(MatMul.PanelKernel kernel)
            where TFormat : struct, IPanelFormat => (q, s, expanded, columns, x, records, tokens, y, accumulate) =>
            {
                PanelScales.Expand<TFormat>(s, columns, expanded);
                kernel(q, expanded, columns, x, records, tokens, y, Rows, accumulate);
            };

        private static Kernel OneByOne<TFormat>()
            where TFormat : struct, IPanelFormat => (q, s, _, columns, x, records, tokens, y, accumulate) =>
            {
                for (int token = 0; token < tokens; token++)
                    MatMulAvx512.RunSingle<TFormat>(q, s, columns, x + token * 32, records + token, y + token * Rows, accumulate);
            };
    }

    private static float[] Product(PackedMatrix matrix, Activations activations, bool accumulate, Kernel kernel, int tokens)
    {
        float[] result = new float[8 * Rows];
        if (accumulate) for (int i = 0; i < result.Length; i++) result[i] = i * 0.37f;
        using var expanded = new AlignedBuffer<float>(PanelScales.MostExpandedWords(matrix.Columns));
        fixed (float* y = result)
        {
            for (int panel = 0; panel < matrix.Panels; panel++)
            {
                kernel(
                    matrix.Quants(panel), matrix.Scales(panel), expanded.Pointer, matrix.Columns, activations.Quants(0, matrix.Columns),
                    activations.Records(0, matrix.Columns), tokens, y + panel * 16, accumulate);
            }
        }

        return result;
    }

    private static void Fill(Random random, Activations activations, int tokens, int columns)
    {
        for (int token = 0; token < tokens; token++)
        {
            for (int k = 0; k < columns; k++) activations.Values(token)[k] = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 3)));
            Quantizer.Run(activations, token, columns);
        }
    }
}
