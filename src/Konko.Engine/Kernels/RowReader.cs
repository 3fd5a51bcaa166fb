using Konko.Engine.Gguf.Quants;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>Reads single rows of a packed matrix back as floats: token embeddings.</summary>
internal static unsafe class RowReader
{
    /// <summary>The row's weights, exactly as the file's quantisation defines them.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="row">The row.</param>
    /// <param name="output">Columns floats.</param>
    public static void Read(PackedMatrix matrix, int row, float* output)
    {
        int panel = row / PanelFormats.Rows, lane = row % PanelFormats.Rows;
        byte* quants = matrix.Quants(panel), scales = matrix.Scales(panel);
        for (int k = 0; k < matrix.Columns; k++)
        {
            int block = k / 32, within = k % 32;
            output[k] = matrix.Format switch
            {
                PanelFormat.Q4Zero => Half(scales, block * Q4Zero.ScaleBytes, lane) * (Nibble(quants, block, within, lane) - 8),
                PanelFormat.Q4Min => Half(scales, block * Q4Min.ScaleBytes, lane) * Nibble(quants, block, within, lane) + Half(scales, block * Q4Min.ScaleBytes + 32, lane),
                PanelFormat.Q4Super => Super(scales + k / 256 * Q4Super.ScaleBytes, 64 + block % 8 * 32 + lane, 16, lane, Nibble(quants, block, within, lane)),
                PanelFormat.Q8 => Half(scales, block * Q8.ScaleBytes, lane) * Byte(quants, k, lane),
                PanelFormat.Q8Min => Half(scales, block * Q8Min.ScaleBytes, lane) * Byte(quants, k, lane) + Half(scales, block * Q8Min.ScaleBytes + 32, lane),
                PanelFormat.Q8Exponent => BlocksCodebook.HalfPowerOfTwo(scales[block * Q8Exponent.ScaleBytes + lane]) * Byte(quants, k, lane),
                PanelFormat.Q8Super => Half(scales, k / 256 * Q8Super.ScaleBytes, lane)
                    * (sbyte)scales[k / 256 * Q8Super.ScaleBytes + 32 + k % 256 / 16 * 16 + lane] * Byte(quants, k, lane),
                PanelFormat.Q8SuperMin => Super(scales + k / 256 * Q8SuperMin.ScaleBytes, 64 + k % 256 / 16 * 16 + lane, 256, lane, Byte(quants, k, lane)),
                PanelFormat.F32 => ((float*)quants)[k * 16 + lane],
                PanelFormat.F16 => FloatFormats.ExpandHalf(((ushort*)quants)[k * 16 + lane]),
                PanelFormat.BF16 => FloatFormats.ExpandBf16(((ushort*)quants)[k * 16 + lane]),
                _ => throw new InvalidOperationException($"Rows of {matrix.Format} cannot be read back."),
            };
        }
    }

    /// <summary>d · s · q − e · t with s at an offset of the super-block's scales and t behind it.</summary>
    private static float Super(byte* super, int sub, int toMin, int lane, int q)
        => Half(super, 0, lane) * super[sub] * q - Half(super, 32, lane) * super[sub + toMin];

    private static float Half(byte* scales, int offset, int lane) => FloatFormats.ExpandHalf(((ushort*)(scales + offset))[lane]);

    private static int Byte(byte* quants, int k, int lane) => quants[k / 4 * 64 + lane * 4 + k % 4] - 128;

    private static int Nibble(byte* quants, int block, int within, int lane)
    {
        byte pair = quants[block * 256 + within / 8 * 64 + lane * 4 + within % 4];
        return within % 8 < 4 ? pair & 15 : pair >> 4;
    }
}
