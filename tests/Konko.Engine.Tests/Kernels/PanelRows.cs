using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Engine.Tests.Kernels;

/// <summary>Random rows of a tensor type, with scales that are finite and of a sensible size.</summary>
internal static unsafe class PanelRows
{
    public static IEnumerable<GgmlType> Quantised => GgmlTypeInfo.Readable.Select(info => info.Type).Where(type => Repacker.FormatOf(type)!.Value.IsQuantised());

    public static byte[] Row(Random random, GgmlType type, int columns)
    {
        GgmlTypeInfo layout = GgmlTypeInfo.Of(type);
        byte[] row = new byte[layout.RowBytes(columns)];
        random.NextBytes(row);
        for (int block = 0; block < row.Length; block += layout.BlockBytes)
        {
            if (type == GgmlType.MXFP4) row[block] = (byte)random.Next(118, 130);
            foreach (int offset in Halves(type))
            {
                // 2^-14 … 2, and subnormals.
                ushort half = (ushort)(random.Next(0x10000) & 0x83FF | random.Next(0, 16) << 10);
                BitConverter.TryWriteBytes(row.AsSpan(block + offset), half);
            }
        }

        return row;
    }

    public static PackedMatrix Random(Random random, GgmlType type, int rows, int columns)
    {
        var matrix = new PackedMatrix(Repacker.FormatOf(type)!.Value, rows, columns);
        for (int row = 0; row < rows; row++)
            fixed (byte* source = Row(random, type, columns)) Assert.True(Repacker.PackRow(type, source, matrix, row));
        return matrix;
    }

    private static int[] Halves(GgmlType type) => type switch
    {
        GgmlType.Q4_1 or GgmlType.Q5_1 or GgmlType.Q4_K or GgmlType.Q5_K => [0, 2],
        GgmlType.Q2_K => [80, 82],
        GgmlType.Q3_K => [108],
        GgmlType.Q6_K => [208],
        GgmlType.MXFP4 => [],
        _ => [0],
    };
}
