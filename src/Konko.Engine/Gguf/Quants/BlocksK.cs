namespace Konko.Engine.Gguf.Quants;

/// <summary>
/// The K-quants: super-blocks of 256 elements, cut into sub-blocks of 16 or 32 with small integer scales of their own.
/// </summary>
internal static class BlocksK
{
    /// <summary>Elements of a super-block.</summary>
    public const int Elements = 256;

    /// <summary>
    /// d · s · q − dmin · t for each 16. Layout: 16 bytes with s in the low and t in the high nibble; 64 bytes of
    /// 2-bit q, where each run of 32 bytes holds four times 32 elements, lowest bits first; d, dmin.
    /// </summary>
    public static void Q2_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Blocks32.Half(block, 80);
        float dmin = Blocks32.Half(block, 82);
        ReadOnlySpan<byte> quants = block.Slice(16, 64);
        for (int i = 0; i < Elements; i++)
        {
            byte scale = block[i / 16];
            int q = (quants[TwoBitByte(i)] >> TwoBitShift(i)) & 3;
            values[i] = d * (scale & 0xf) * q - dmin * (scale >> 4);
        }
    }

    /// <summary>
    /// d · (s − 32) · (q − 4) for each 16. Layout: 32 bytes of third bits (bit b of byte j is that of element
    /// 32 · b + j); 64 bytes of the 2 lower bits as in <see cref="Q2_K"/>; 12 bytes of 6-bit s; d.
    /// </summary>
    public static void Q3_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Blocks32.Half(block, 108);
        ReadOnlySpan<byte> quants = block.Slice(32, 64);
        ReadOnlySpan<byte> scales = block.Slice(96, 12);
        for (int i = 0; i < Elements; i++)
        {
            // The low nibbles of the 16 scales stand in the first 8 bytes, their upper 2 bits in the last 4.
            int j = i / 16;
            int low = (scales[j % 8] >> (j / 8 * 4)) & 0xf;
            int high = (scales[8 + j % 4] >> (j / 4 * 2)) & 3;
            int third = (block[i % 32] >> (i / 32)) & 1;
            int q = ((quants[TwoBitByte(i)] >> TwoBitShift(i)) & 3) | (third << 2);
            values[i] = d * ((low | (high << 4)) - 32) * (q - 4);
        }
    }

    /// <summary>
    /// d · s · q − dmin · t for each 32. Layout: d, dmin; 12 bytes of 6-bit s and t; 128 bytes of nibbles, where each
    /// run of 32 bytes holds 32 elements in the low and the next 32 in the high halves.
    /// </summary>
    public static void Q4_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Blocks32.Half(block, 0);
        float dmin = Blocks32.Half(block, 2);
        ReadOnlySpan<byte> scales = block.Slice(4, 12);
        ReadOnlySpan<byte> quants = block.Slice(16, 128);
        for (int i = 0; i < Elements; i++)
        {
            values[i] = d * Scale(scales, i / 32) * Nibble(quants, i) - dmin * Minimum(scales, i / 32);
        }
    }

    /// <summary>As <see cref="Q4_K"/>, with 32 bytes of fifth bits (bit b of byte j is that of element 32 · b + j) before the nibbles.</summary>
    public static void Q5_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Blocks32.Half(block, 0);
        float dmin = Blocks32.Half(block, 2);
        ReadOnlySpan<byte> scales = block.Slice(4, 12);
        ReadOnlySpan<byte> fifths = block.Slice(16, 32);
        ReadOnlySpan<byte> quants = block.Slice(48, 128);
        for (int i = 0; i < Elements; i++)
        {
            int fifth = (fifths[i % 32] >> (i / 32)) & 1;
            int q = Nibble(quants, i) | (fifth << 4);
            values[i] = d * Scale(scales, i / 32) * q - dmin * Minimum(scales, i / 32);
        }
    }

    /// <summary>
    /// d · s · (q − 32) for each 16. Layout: 128 bytes of nibbles, each run of 64 bytes 64 elements in the low and the
    /// next 64 in the high halves; 64 bytes of the upper 2 bits as in <see cref="Q2_K"/>; 16 signed bytes s; d.
    /// </summary>
    public static void Q6_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Blocks32.Half(block, 208);
        ReadOnlySpan<byte> upper = block.Slice(128, 64);
        ReadOnlySpan<byte> scales = block.Slice(192, 16);
        for (int i = 0; i < Elements; i++)
        {
            int low = (block[i / 128 * 64 + i % 64] >> (i / 64 % 2 * 4)) & 0xf;
            int q = low | (((upper[TwoBitByte(i)] >> TwoBitShift(i)) & 3) << 4);
            values[i] = d * (sbyte)scales[i / 16] * (q - 32);
        }
    }

    /// <summary>Sub-block j's 6-bit scale of the 12 packed bytes of Q4_K and Q5_K.</summary>
    /// <remarks>
    /// Bytes 0–3 hold scales 0–3 and bytes 4–7 minimums 0–3 in their low 6 bits; bytes 8–11 hold the low nibbles of
    /// scales and minimums 4–7, whose upper 2 bits fill the upper 2 bits of bytes 0–7.
    /// </remarks>
    public static int Scale(ReadOnlySpan<byte> scales, int j)
        => j < 4 ? scales[j] & 63 : (scales[j + 4] & 0xf) | (scales[j - 4] >> 6 << 4);

    /// <summary>Sub-block j's 6-bit minimum, see <see cref="Scale"/>.</summary>
    public static int Minimum(ReadOnlySpan<byte> scales, int j)
        => j < 4 ? scales[j + 4] & 63 : (scales[j + 4] >> 4) | (scales[j] >> 6 << 4);

    private static int Nibble(ReadOnlySpan<byte> quants, int i) => (quants[i / 64 * 32 + i % 32] >> (i / 32 % 2 * 4)) & 0xf;

    private static int TwoBitByte(int i) => i / 128 * 32 + i % 32;

    private static int TwoBitShift(int i) => i / 32 % 4 * 2;
}
