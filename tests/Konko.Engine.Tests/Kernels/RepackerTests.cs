using System.Runtime.InteropServices;
using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quants;
using Konko.Engine.Kernels;

namespace Konko.Engine.Tests.Kernels;

public sealed unsafe class RepackerTests
{
    public static TheoryData<string> Types => [.. GgmlTypeInfo.Readable.Select(info => info.Type.ToString())];

    [Theory]
    [MemberData(nameof(Types))]
    public void PackRow_EveryType_ReadsBackTheBitsOfItsDefinition(string name)
    {
        GgmlType type = Enum.Parse<GgmlType>(name);
        const int rows = 37, columns = 512;
        var random = new Random(5);
        using var matrix = new PackedMatrix(Repacker.FormatOf(type)!.Value, rows, columns);
        float[][] expected = new float[rows][];
        for (int row = 0; row < rows; row++)
        {
            byte[] bytes = type is GgmlType.F32 or GgmlType.F16 or GgmlType.BF16 ? Floats(random, type, columns) : PanelRows.Row(random, type, columns);
            expected[row] = new float[columns];
            Dequantizer.Row(type, bytes, expected[row]);
            fixed (byte* source = bytes) Assert.True(Repacker.PackRow(type, source, matrix, row));
        }

        float[] actual = new float[columns];
        for (int row = 0; row < rows; row++)
        {
            fixed (float* output = actual) RowReader.Read(matrix, row, output);
            Assert.True(MemoryMarshal.AsBytes<float>(expected[row]).SequenceEqual(MemoryMarshal.AsBytes<float>(actual)), $"Row {row} differs.");
        }
    }

    [Fact]
    public void PackRow_ScaleThatIsNotFinite_IsReported()
    {
        byte[] row = PanelRows.Row(new Random(1), GgmlType.Q4_0, 64);
        BitConverter.TryWriteBytes(row.AsSpan(18), (ushort)0x7C00);
        using var matrix = new PackedMatrix(PanelFormat.Q4Zero, 1, 64);
        fixed (byte* source = row) Assert.False(Repacker.PackRow(GgmlType.Q4_0, source, matrix, 0));
    }

    private static byte[] Floats(Random random, GgmlType type, int columns)
    {
        byte[] row = new byte[GgmlTypeInfo.Of(type).RowBytes(columns)];
        for (int i = 0; i < columns; i++)
        {
            float value = (float)(random.NextDouble() - 0.5) * random.Next(1, 100);
            if (type == GgmlType.F32) BitConverter.TryWriteBytes(row.AsSpan(i * 4), value);
            else if (type == GgmlType.F16) BitConverter.TryWriteBytes(row.AsSpan(i * 2), (Half)value);
            else BitConverter.TryWriteBytes(row.AsSpan(i * 2), (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
        }

        return row;
    }
}
