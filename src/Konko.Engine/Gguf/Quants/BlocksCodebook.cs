using System.Buffers.Binary;

namespace Konko.Engine.Gguf.Quants;

/// <summary>Blocks whose nibbles are indices into a table of 16 values.</summary>
internal static class BlocksCodebook
{
    /// <summary>The values of IQ4_NL and IQ4_XS: closer together around zero.</summary>
    public static ReadOnlySpan<sbyte> IQ4Values => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>The values of MXFP4, doubled so that they are whole: sign, 2 bits of exponent, 1 of fraction.</summary>
    public static ReadOnlySpan<sbyte> MXFP4Values => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>d · value(q) for each 32. Layout: d in half precision, 16 bytes of nibbles as in Q4_0.</summary>
    public static void IQ4_NL(ReadOnlySpan<byte> block, Span<float> values) => Expand(Blocks32.Half(block, 0), IQ4Values, block[2..], values);

    /// <summary>
    /// d · (s − 32) · value(q) for each 32 of 256. Layout: d in half precision; the upper 2 bits of the eight 6-bit s in
    /// 16 bits; their low nibbles in 4 bytes; 128 bytes of nibbles, 16 for each sub-block as in Q4_0.
    /// </summary>
    public static void IQ4_XS(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Blocks32.Half(block, 0);
        int high = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        for (int j = 0; j < 8; j++)
        {
            int low = (block[4 + j / 2] >> (j % 2 * 4)) & 0xf;
            int scale = low | (((high >> (2 * j)) & 3) << 4);
            Expand(d * (scale - 32), IQ4Values, block.Slice(8 + 16 * j, 16), values.Slice(32 * j, 32));
        }
    }

    /// <summary>2^(e − 128) · value(q) for each 32. Layout: e in one byte, 16 bytes of nibbles as in Q4_0.</summary>
    public static void MXFP4(ReadOnlySpan<byte> block, Span<float> values) => Expand(HalfPowerOfTwo(block[0]), MXFP4Values, block[1..], values);

    /// <summary>2^(e − 128), the E8M0 scale halved because the table is doubled; e = 0 and 1 are subnormal.</summary>
    public static float HalfPowerOfTwo(byte e) => BitConverter.UInt32BitsToSingle(e < 2 ? 0x0020_0000u << e : (uint)(e - 1) << 23);

    private static void Expand(float d, ReadOnlySpan<sbyte> table, ReadOnlySpan<byte> nibbles, Span<float> values)
    {
        for (int i = 0; i < 16; i++)
        {
            values[i] = d * table[nibbles[i] & 0xf];
            values[i + 16] = d * table[nibbles[i] >> 4];
        }
    }
}
