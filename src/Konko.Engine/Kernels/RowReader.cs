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
        byte* quants = matrix.Quants(panel);
        if (matrix.Format.IsQuantised())
        {
            PanelFormats.Visit<Row, int>(matrix.Format, new Row(quants + lane * 4, matrix.Scales(panel), lane, matrix.Columns, output));
            return;
        }

        for (int k = 0; k < matrix.Columns; k++)
        {
            output[k] = matrix.Format switch
            {
                PanelFormat.F32 => ((float*)quants)[k * 16 + lane],
                PanelFormat.F16 => FloatFormats.ExpandHalf(((ushort*)quants)[k * 16 + lane]),
                _ => FloatFormats.ExpandBf16(((ushort*)quants)[k * 16 + lane]),
            };
        }
    }

    private readonly struct Row(byte* quants, byte* scales, int lane, int columns, float* output) : IPanelVisitor<int>
    {
        public int Run<TFormat>()
            where TFormat : struct, IPanelFormat
        {
            for (int block = 0; block < columns / PanelFormats.Block; block++)
            {
                PanelScales.ReadRow<TFormat>(scales, block, lane, out float d, out float m0, out float m1, out int s0, out int s1);
                float first = d * s0, second = d * s1;
                for (int k = 0; k < PanelFormats.Block; k++)
                {
                    int q = PanelQuants.Read<TFormat>(quants + block * PanelQuants.BlockBytes<TFormat>(), k) - TFormat.Bias;
                    float w = (k < 16 ? first : second) * q;
                    output[block * PanelFormats.Block + k] = TFormat.Min ? w + (k < 16 ? m0 : m1) : w;
                }
            }

            return columns;
        }
    }
}
