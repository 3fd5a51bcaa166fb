using Konko.Engine.Gguf;

namespace Konko.Engine.Kernels;

/// <summary>Brings the rows of a GGUF tensor into panels. Layouts of the file's blocks are in <see cref="Gguf.Quants"/>.</summary>
internal static unsafe partial class Repacker
{
    /// <summary>The panel format for a tensor type, or null where there is none.</summary>
    public static PanelFormat? FormatOf(GgmlType type) => type switch
    {
        GgmlType.F32 => PanelFormat.F32,
        GgmlType.F16 => PanelFormat.F16,
        GgmlType.BF16 => PanelFormat.BF16,
        GgmlType.Q4_0 => PanelFormat.Q4Zero,
        GgmlType.Q4_1 => PanelFormat.Q4Min,
        GgmlType.Q4_K => PanelFormat.Q4Super,
        GgmlType.Q5_0 => PanelFormat.Q5Zero,
        GgmlType.Q5_1 => PanelFormat.Q5Min,
        GgmlType.Q5_K => PanelFormat.Q5Super,
        GgmlType.Q6_K => PanelFormat.Q6Super,
        GgmlType.Q3_K => PanelFormat.Q3Super,
        GgmlType.Q2_K => PanelFormat.Q2Super,
        GgmlType.Q8_0 => PanelFormat.Q8,
        GgmlType.IQ4_NL => PanelFormat.Codebook,
        GgmlType.IQ4_XS => PanelFormat.CodebookSuper,
        GgmlType.MXFP4 => PanelFormat.Exponent,
        _ => null,
    };

    /// <summary>Packs one row.</summary>
    /// <param name="type">The tensor's type.</param>
    /// <param name="source">The row's bytes as the file has them.</param>
    /// <param name="matrix">Where to.</param>
    /// <param name="row">The row there.</param>
    /// <returns>False where a scale (or half-precision weight) is not finite.</returns>
    public static bool PackRow(GgmlType type, byte* source, PackedMatrix matrix, int row)
    {
        int panel = row / PanelFormats.Rows, lane = row % PanelFormats.Rows;
        byte* quants = matrix.Quants(panel), scales = matrix.Scales(panel);
        if (matrix.Format == PanelFormat.F32)
        {
            for (int k = 0; k < matrix.Columns; k++) ((float*)quants)[k * PanelFormats.Rows + lane] = ((float*)source)[k];
            return true;
        }

        if (!matrix.Format.IsQuantised()) return Pack16((ushort*)source, (ushort*)quants + lane, matrix.Columns, type == GgmlType.F16);
        GgmlTypeInfo layout = GgmlTypeInfo.Of(type);
        var target = new Target(quants + lane * 4, scales, lane);
        bool finite = true;
        for (int i = 0; i < matrix.Columns / layout.BlockElements; i++)
        {
            finite &= type switch
            {
                GgmlType.Q4_0 => PackQ40(source, target, i),
                GgmlType.Q4_1 => PackQ41(source, target, i),
                GgmlType.Q4_K => PackQ4K(source, target, i),
                GgmlType.Q8_0 => PackQ80(source, target, i),
                GgmlType.Q5_0 => PackQ50(source, target, i),
                GgmlType.Q5_1 => PackQ51(source, target, i),
                GgmlType.IQ4_NL => PackIQ4NL(source, target, i),
                GgmlType.MXFP4 => PackMXFP4(source, target, i),
                GgmlType.Q6_K => PackQ6K(source, target, i),
                GgmlType.Q3_K => PackQ3K(source, target, i),
                GgmlType.IQ4_XS => PackIQ4XS(source, target, i),
                GgmlType.Q5_K => PackQ5K(source, target, i),
                _ => PackQ2K(source, target, i),
            };
            source += layout.BlockBytes;
        }

        return finite;
    }

    private static bool PackQ40(byte* source, in Target target, int block)
    {
        target.Nibbles(block, source + 2);
        return target.Half(block * 32, source);
    }

    private static bool PackQ41(byte* source, in Target target, int block)
    {
        target.Nibbles(block, source + 4);
        return target.Half(block * 64, source) & target.Half(block * 64 + 32, source + 2);
    }

    private static bool PackQ50(byte* source, in Target target, int block)
    {
        byte* q = stackalloc byte[PanelFormats.Block];
        for (int k = 0; k < PanelFormats.Block; k++) q[k] = FiveBits(source + 2, source + 6, k);
        target.Block<Q5Zero>(block, q);
        return target.Half(block * 32, source);
    }

    private static bool PackQ51(byte* source, in Target target, int block)
    {
        byte* q = stackalloc byte[PanelFormats.Block];
        for (int k = 0; k < PanelFormats.Block; k++) q[k] = FiveBits(source + 4, source + 8, k);
        target.Block<Q5Min>(block, q);
        return target.Half(block * 64, source) & target.Half(block * 64 + 32, source + 2);
    }

    private static bool PackQ80(byte* source, in Target target, int block)
    {
        byte* q = stackalloc byte[PanelFormats.Block];
        for (int i = 0; i < PanelFormats.Block; i += sizeof(ulong)) *(ulong*)(q + i) = *(ulong*)(source + 2 + i) ^ 0x8080_8080_8080_8080;
        target.Block<Q8>(block, q);
        return target.Half(block * 32, source);
    }

    private static bool PackIQ4NL(byte* source, in Target target, int block)
    {
        target.Nibbles(block, source + 2);
        return target.Half(block * 32, source);
    }

    private static bool PackMXFP4(byte* source, in Target target, int block)
    {
        target.Nibbles(block, source + 1);
        target.Scale(block * 16, source[0]);
        return source[0] != 255;
    }

    private static bool Pack16(ushort* source, ushort* to, int columns, bool half)
    {
        bool finite = true;
        for (int k = 0; k < columns; k++)
        {
            to[k * PanelFormats.Rows] = source[k];
            finite &= !half || IsFinite(source[k]);
        }

        return finite;
    }

    private static int Nibble(byte* nibbles, int k) => k < 16 ? nibbles[k] & 15 : nibbles[k - 16] >> 4;

    private static byte FiveBits(byte* fifths, byte* nibbles, int k) => (byte)(Nibble(nibbles, k) | (fifths[k / 8] >> k % 8 & 1) << 4);

    private static bool IsFinite(ushort half) => (half & 0x7C00) != 0x7C00;

    /// <summary>Where a row's numbers go: its first quant byte, its panel's scales, its lane.</summary>
    private readonly struct Target(byte* quants, byte* scales, int lane)
    {
        /// <summary>Puts a half-precision scale at an offset of the panel's scales; whether it is finite.</summary>
        public bool Half(int offset, byte* half)
        {
            ((ushort*)(scales + offset))[lane] = *(ushort*)half;
            return IsFinite(*(ushort*)half);
        }

        /// <summary>Puts an integer scale.</summary>
        public void Scale(int offset, int value) => scales[offset + lane] = (byte)value;

        /// <summary>Puts a block's 32 quants.</summary>
        public void Block<TFormat>(int block, byte* q)
            where TFormat : struct, IPanelFormat => PanelQuants.Pack<TFormat>(quants + block * PanelQuants.BlockBytes<TFormat>(), q);

        /// <summary>Puts a block's nibbles: the file has column j in the low half of byte j and column 16 + j in the high half.</summary>
        public void Nibbles(int block, byte* nibbles)
        {
            byte* to = quants + block * 256;
            for (int chunk = 0; chunk < 4; chunk++)
            {
                uint first = *(uint*)(nibbles + chunk * 8 % 16), second = *(uint*)(nibbles + chunk * 8 % 16 + 4);
                int shift = chunk < 2 ? 0 : 4;
                *(uint*)(to + chunk * 64) = (first >> shift & 0x0F0F0F0F) | (second >> shift & 0x0F0F0F0F) << 4;
            }
        }

        /// <summary>Puts one block's nibbles of a run that holds two blocks, one in the low and one in the high halves.</summary>
        public void Nibbles(int block, byte* run, int shift)
        {
            byte* to = quants + block * 256;
            for (int chunk = 0; chunk < 4; chunk++)
            {
                uint first = *(uint*)(run + chunk * 8), second = *(uint*)(run + chunk * 8 + 4);
                *(uint*)(to + chunk * 64) = (first >> shift & 0x0F0F0F0F) | (second >> shift & 0x0F0F0F0F) << 4;
            }
        }
    }
}
