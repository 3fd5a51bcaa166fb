using Konko.Engine.Gguf.Quants;

namespace Konko.Engine.Kernels;

/// <summary>Super-blocks of 256 columns.</summary>
internal static unsafe partial class Repacker
{
    private static bool PackQ4K(byte* source, in Target target, int super)
    {
        for (int block = 0; block < 8; block++) target.Nibbles(super * 8 + block, source + 16 + block / 2 * 32, block % 2 * 4);
        return ScalesAndMinima<Q4Super>(source, target, super);
    }

    private static bool PackQ5K(byte* source, in Target target, int super)
    {
        byte* fifths = source + 16, nibbles = source + 48, q = stackalloc byte[PanelFormats.Block];
        for (int block = 0; block < 8; block++)
        {
            for (int k = 0; k < PanelFormats.Block; k++)
                q[k] = (byte)((nibbles[block / 2 * 32 + k] >> block % 2 * 4 & 15) | (fifths[k] >> block & 1) << 4);
            target.Block<Q5Super>(super * 8 + block, q);
        }

        return ScalesAndMinima<Q5Super>(source, target, super);
    }

    private static bool PackQ2K(byte* source, in Target target, int super)
    {
        byte* q = stackalloc byte[PanelFormats.Block];
        int at = super * PanelScales.SuperBytes<Q2Super>();
        for (int block = 0; block < 8; block++)
        {
            for (int k = 0; k < PanelFormats.Block; k++) q[k] = TwoBits(source + 16, block * 32 + k);
            target.Block<Q2Super>(super * 8 + block, q);
            target.Scale(at + 64 + block * 32, source[2 * block]);
            target.Scale(at + 64 + block * 32 + 16, source[2 * block + 1]);
        }

        return target.Half(at, source + 80) & target.Half(at + 32, source + 82);
    }

    private static bool PackQ3K(byte* source, in Target target, int super)
    {
        byte* packed = source + 96, q = stackalloc byte[PanelFormats.Block];
        int at = super * PanelScales.SuperBytes<Q3Super>();
        for (int block = 0; block < 8; block++)
        {
            for (int k = 0; k < PanelFormats.Block; k++) q[k] = (byte)(TwoBits(source + 32, block * 32 + k) | (source[k] >> block & 1) << 2);
            target.Block<Q3Super>(super * 8 + block, q);
        }

        for (int i = 0; i < 16; i++)
        {
            int scale = (packed[i % 8] >> i / 8 * 4 & 15) | (packed[8 + i % 4] >> i / 4 * 2 & 3) << 4;
            target.Scale(at + 32 + i * 16, scale - 32);
        }

        return target.Half(at, source + 108);
    }

    private static bool PackQ6K(byte* source, in Target target, int super)
    {
        byte* q = stackalloc byte[PanelFormats.Block];
        int at = super * PanelScales.SuperBytes<Q6Super>();
        for (int block = 0; block < 8; block++)
        {
            byte* nibbles = source + block / 4 * 64 + block % 2 * 32;
            for (int k = 0; k < PanelFormats.Block; k++)
                q[k] = (byte)((nibbles[k] >> block / 2 % 2 * 4 & 15) | TwoBits(source + 128, block * 32 + k) << 4);
            target.Block<Q6Super>(super * 8 + block, q);
        }

        for (int i = 0; i < 16; i++) target.Scale(at + 32 + i * 16, source[192 + i]);
        return target.Half(at, source + 208);
    }

    private static bool PackIQ4XS(byte* source, in Target target, int super)
    {
        int high = *(ushort*)(source + 2), at = super * PanelScales.SuperBytes<CodebookSuper>();
        for (int block = 0; block < 8; block++)
        {
            target.Nibbles(super * 8 + block, source + 8 + block * 16);
            int scale = (source[4 + block / 2] >> block % 2 * 4 & 15) | (high >> 2 * block & 3) << 4;
            target.Scale(at + 32 + block * 16, scale - 32);
        }

        return target.Half(at, source);
    }

    private static bool ScalesAndMinima<TFormat>(byte* source, in Target target, int super)
        where TFormat : struct, IPanelFormat
    {
        var packed = new ReadOnlySpan<byte>(source + 4, 12);
        int at = super * PanelScales.SuperBytes<TFormat>();
        for (int block = 0; block < 8; block++)
        {
            target.Scale(at + 64 + block * 32, BlocksK.Scale(packed, block));
            target.Scale(at + 64 + block * 32 + 16, BlocksK.Minimum(packed, block));
        }

        return target.Half(at, source) & target.Half(at + 32, source + 2);
    }

    private static byte TwoBits(byte* quants, int k) => (byte)(quants[k / 128 * 32 + k % 32] >> k / 32 % 4 * 2 & 3);
}
