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
}
