using System.Buffers.Binary;

namespace Konko.Engine.Gguf.Quants;

/// <summary>Rows of plain floating-point numbers, little-endian.</summary>
internal static class FloatRows
{
    /// <summary>float32 as it is.</summary>
    public static void F32(ReadOnlySpan<byte> row, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(row[(4 * i)..]);
    }

    /// <summary>IEEE half precision.</summary>
    public static void F16(ReadOnlySpan<byte> row, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = HalfFloat.ToSingle(BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * i)..]));
    }

    /// <summary>The upper half of a float32.</summary>
    public static void BF16(ReadOnlySpan<byte> row, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = HalfFloat.FromBFloat16(BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * i)..]));
    }

    /// <summary>Stores a row as float32, or rounded to half precision or bfloat16.</summary>
    public static void Write(GgmlType type, ReadOnlySpan<float> values, Span<byte> row)
    {
        for (int i = 0; i < values.Length; i++)
        {
            switch (type)
            {
                case GgmlType.F32: BinaryPrimitives.WriteSingleLittleEndian(row[(4 * i)..], values[i]); break;
                case GgmlType.F16: BinaryPrimitives.WriteUInt16LittleEndian(row[(2 * i)..], HalfFloat.FromSingle(values[i])); break;
                default: BinaryPrimitives.WriteUInt16LittleEndian(row[(2 * i)..], HalfFloat.ToBFloat16(values[i])); break;
            }
        }
    }
}
