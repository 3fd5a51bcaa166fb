using Konko.Engine.Gguf.Quants;

namespace Konko.Engine.Kernels;

/// <summary>Super-blocks of 256 columns.</summary>
internal static unsafe partial class Repacker
{
    private static bool PackQ4K(byte* source, Target target, int super)
    {
        var packed = new ReadOnlySpan<byte>(source + 4, 12);
        int at = super * Q4Super.ScaleBytes;
        for (int block = 0; block < 8; block++)
        {
            target.Nibbles(super * 8 + block, source + 16 + block / 2 * 32, block % 2 * 4);
            target.Scale(at + 64 + block * 32, BlocksK.Scale(packed, block));
            target.Scale(at + 64 + block * 32 + 16, BlocksK.Minimum(packed, block));
        }

        return target.Half(at, source) & target.Half(at + 32, source + 2);
    }

    private static bool PackQ5K(byte* source, Target target, int super)
    {
        var packed = new ReadOnlySpan<byte>(source + 4, 12);
        byte* fifths = source + 16, nibbles = source + 48;
        int at = super * Q8SuperMin.ScaleBytes;
        for (int k = 0; k < 256; k++)
        {
            int q = (nibbles[k / 64 * 32 + k % 32] >> k / 32 % 2 * 4 & 15) | (fifths[k % 32] >> k / 32 & 1) << 4;
            target.Byte(super * 8 + k / 32, k % 32, q);
        }

        for (int i = 0; i < 16; i++)
        {
            target.Scale(at + 64 + i * 16, BlocksK.Scale(packed, i / 2));
            target.Scale(at + 64 + 256 + i * 16, BlocksK.Minimum(packed, i / 2));
        }

        return target.Half(at, source) & target.Half(at + 32, source + 2);
    }

    private static bool PackQ2K(byte* source, Target target, int super)
    {
        byte* quants = source + 16;
        int at = super * Q8SuperMin.ScaleBytes;
        for (int k = 0; k < 256; k++) target.Byte(super * 8 + k / 32, k % 32, TwoBits(quants, k));
        for (int i = 0; i < 16; i++)
        {
            target.Scale(at + 64 + i * 16, source[i] & 15);
            target.Scale(at + 64 + 256 + i * 16, source[i] >> 4);
        }

        return target.Half(at, source + 80) & target.Half(at + 32, source + 82);
    }

    private static bool PackQ3K(byte* source, Target target, int super)
    {
        byte* quants = source + 32, packed = source + 96;
        int at = super * Q8Super.ScaleBytes;
        for (int k = 0; k < 256; k++)
            target.Byte(super * 8 + k / 32, k % 32, (TwoBits(quants, k) | (source[k % 32] >> k / 32 & 1) << 2) - 4);
        for (int i = 0; i < 16; i++)
        {
            int scale = (packed[i % 8] >> i / 8 * 4 & 15) | (packed[8 + i % 4] >> i / 4 * 2 & 3) << 4;
            target.Scale(at + 32 + i * 16, scale - 32);
        }

        return target.Half(at, source + 108);
    }

    private static bool PackQ6K(byte* source, Target target, int super)
    {
        byte* high = source + 128;
        int at = super * Q8Super.ScaleBytes;
        for (int k = 0; k < 256; k++)
        {
            int low = source[k / 128 * 64 + k % 64] >> k / 64 % 2 * 4 & 15;
            target.Byte(super * 8 + k / 32, k % 32, (low | TwoBits(high, k) << 4) - 32);
        }

        for (int i = 0; i < 16; i++) target.Scale(at + 32 + i * 16, source[192 + i]);
        return target.Half(at, source + 208);
    }

    private static bool PackIQ4XS(byte* source, Target target, int super)
    {
        int high = *(ushort*)(source + 2);
        int at = super * Q8Super.ScaleBytes;
        for (int block = 0; block < 8; block++)
        {
            byte* nibbles = source + 8 + block * 16;
            for (int k = 0; k < 32; k++) target.Byte(super * 8 + block, k, BlocksCodebook.IQ4Values[Nibble(nibbles, k)]);
            int scale = (source[4 + block / 2] >> block % 2 * 4 & 15) | (high >> 2 * block & 3) << 4;
            target.Scale(at + 32 + block * 32, scale - 32);
            target.Scale(at + 32 + block * 32 + 16, scale - 32);
        }

        return target.Half(at, source);
    }

    private static int TwoBits(byte* quants, int k) => quants[k / 128 * 32 + k % 32] >> k / 32 % 4 * 2 & 3;
}
