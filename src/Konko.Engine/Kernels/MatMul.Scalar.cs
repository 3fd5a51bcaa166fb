using System.Runtime.CompilerServices;

namespace Konko.Engine.Kernels;

/// <summary>The definition of every product, one number at a time: the oracle for the fast kernels, and the path of machines without vectors.</summary>
internal static unsafe class MatMulScalar
{
    /// <summary>One panel of 16 rows times up to 8 tokens; as <see cref="MatMul.PanelKernel"/>, with the scales as the panel has them.</summary>
    public static void Run<TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
    {
        int* q = stackalloc int[PanelFormats.Block];
        float* sums = stackalloc float[Activations.TileTokens];
        for (int row = 0; row < PanelFormats.Rows; row++)
        {
            for (int token = 0; token < tokens; token++) sums[token] = 0;
            for (int block = 0; block < columns / PanelFormats.Block; block++)
            {
                for (int k = 0; k < PanelFormats.Block; k++)
                    q[k] = PanelQuants.Read<TFormat>(quants + block * PanelQuants.BlockBytes<TFormat>() + row * 4, k) - TFormat.Bias;
                PanelScales.ReadRow<TFormat>(scales, block, row, out float d, out float m0, out float m1, out int s0, out int s1);
                for (int token = 0; token < tokens; token++)
                {
                    sbyte* v = x + (block * Activations.TileTokens + token) * PanelFormats.Block;
                    float* record = records + block * Activations.RecordWords + token;
                    int first = 0, second = 0;
                    for (int k = 0; k < 16; k++)
                    {
                        first += q[k] * v[k];
                        second += q[k + 16] * v[k + 16];
                    }

                    sums[token] = Fma((first * s0) + (second * s1), d * record[0], sums[token]);
                    if (!TFormat.Min) continue;
                    if (TFormat.Sub != 16)
                    {
                        sums[token] = Fma(m0, record[Activations.ScaledSums], sums[token]);
                        continue;
                    }

                    (int sum0, int sum1) = Activations.Halves(record);
                    sums[token] = Fma(m0, record[0] * sum0, sums[token]);
                    sums[token] = Fma(m1, record[0] * sum1, sums[token]);
                }
            }

            for (int token = 0; token < tokens; token++)
            {
                float* at = y + token * stride + row;
                *at = accumulate ? *at + sums[token] : sums[token];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);
}
