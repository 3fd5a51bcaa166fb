using Konko.Engine.Gguf;

namespace Konko.Engine.Kernels;

/// <summary>Brings the rows of a GGUF tensor into panels.</summary>
internal static unsafe class Repacker
{
    /// <summary>The panel format for a tensor type, or null where there is none.</summary>
    public static PanelFormat? FormatOf(GgmlType type) => type switch
    {
        GgmlType.F32 => PanelFormat.F32,
        GgmlType.F16 => PanelFormat.F16,
        GgmlType.BF16 => PanelFormat.BF16,
        GgmlType.Q4_0 => PanelFormat.Q4Zero,
        GgmlType.Q4_1 => PanelFormat.Q4Min,
        GgmlType.Q8_0 => PanelFormat.Q8,
        GgmlType.Q6_K => PanelFormat.Q8Super,
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
        byte* quants = matrix.Quants(panel) + lane * 4, scales = matrix.Scales(panel);
        return type switch
        {
            GgmlType.Q4_0 => PackQ4(source, 18, 2, quants, scales, 32, lane, matrix.Columns),
            GgmlType.Q4_1 => PackQ4(source, 20, 4, quants, scales, 64, lane, matrix.Columns),
            GgmlType.Q8_0 => PackQ8(source, quants, scales, lane, matrix.Columns),
            GgmlType.Q6_K => PackQ6K(source, quants, scales, lane, matrix.Columns),
            GgmlType.F32 => PackF32((float*)source, (float*)matrix.Quants(panel) + lane, matrix.Columns),
            _ => Pack16((ushort*)source, (ushort*)matrix.Quants(panel) + lane, matrix.Columns, type == GgmlType.F16),
        };
    }

    private static bool PackQ4(byte* source, int blockBytes, int header, byte* quants, byte* scales, int scaleBytes, int lane, int columns)
    {
        bool finite = true;
        for (int block = 0; block < columns / 32; block++)
        {
            ushort* halves = (ushort*)source;
            ushort* scale = (ushort*)(scales + block * scaleBytes) + lane;
            scale[0] = halves[0];
            finite &= IsFinite(halves[0]);
            if (header == 4)
            {
                scale[16] = halves[1];
                finite &= IsFinite(halves[1]);
            }

            // The file has column j in the low nibble of byte j and column 16 + j in the high one.
            byte* nibbles = source + header;
            byte* to = quants + block * 256;
            for (int chunk = 0; chunk < 4; chunk++)
            {
                byte* from = nibbles + chunk * 8 % 16;
                int shift = chunk < 2 ? 0 : 4;
                for (int j = 0; j < 4; j++) to[chunk * 64 + j] = (byte)(((from[j] >> shift) & 15) | (((from[j + 4] >> shift) & 15) << 4));
            }

            source += blockBytes;
        }

        return finite;
    }

    private static bool PackQ8(byte* source, byte* quants, byte* scales, int lane, int columns)
    {
        bool finite = true;
        for (int block = 0; block < columns / 32; block++)
        {
            ushort half = *(ushort*)source;
            ((ushort*)(scales + block * 32))[lane] = half;
            finite &= IsFinite(half);
            for (int chunk = 0; chunk < 8; chunk++)
                *(uint*)(quants + block * 512 + chunk * 64) = *(uint*)(source + 2 + chunk * 4) ^ 0x80808080;
            source += 34;
        }

        return finite;
    }

    private static bool PackQ6K(byte* source, byte* quants, byte* scales, int lane, int columns)
    {
        bool finite = true;
        for (int super = 0; super < columns / 256; super++)
        {
            byte* low = source, high = source + 128, sub = source + 192;
            ushort half = *(ushort*)(source + 208);
            finite &= IsFinite(half);
            byte* scale = scales + super * MatMul.SuperBytes;
            ((ushort*)scale)[lane] = half;
            for (int i = 0; i < 16; i++) scale[32 + i * 16 + lane] = sub[i];
            byte* to = quants + super * 8 * 512;
            for (int k = 0; k < 256; k++)
            {
                // Each half of 128 columns keeps four runs of 32: low nibbles of 64 bytes, high nibbles of the same,
                // and two more bits of each from 32 bytes.
                int part = k / 128, run = k % 128 / 32, at = k % 32;
                int l = low[part * 64 + (run % 2 * 32) + at] >> (run / 2 * 4) & 15;
                int h = high[part * 32 + at] >> (run * 2) & 3;
                to[k / 4 * 64 + k % 4] = (byte)((l | h << 4) - 32 + 128);
            }

            source += 210;
        }

        return finite;
    }

    private static bool PackF32(float* source, float* to, int columns)
    {
        for (int k = 0; k < columns; k++) to[k * PanelFormats.Rows] = source[k];
        return true;
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

    private static bool IsFinite(ushort half) => (half & 0x7C00) != 0x7C00;
}
