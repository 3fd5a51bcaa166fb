using System.Runtime.CompilerServices;
using Konko.Engine.Gguf.Quants;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>The definition of every product, one number at a time: the oracle for the fast kernels, and the path of machines without vectors.</summary>
internal static unsafe class MatMulScalar
{
    /// <summary>Four-bit panels. <inheritdoc cref="MatMul.PanelKernel" path="/summary"/></summary>
    public static void Q4<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ4Format
    {
        for (int token = 0; token < TTile.Tokens; token++)
        {
            for (int row = 0; row < PanelFormats.Rows; row++)
            {
                float sum = 0;
                for (int block = 0; block < columns / 32; block++)
                {
                    byte* q = quants + block * 256 + row * 4;
                    sbyte* v = x + (block * Activations.TileTokens + token) * 32;
                    int dot = 0;
                    for (int chunk = 0; chunk < 4; chunk++)
                    {
                        for (int j = 0; j < 4; j++)
                        {
                            byte pair = q[chunk * 64 + j];
                            dot += ((pair & 15) * v[chunk * 8 + j]) + ((pair >> 4) * v[chunk * 8 + 4 + j]);
                        }
                    }

                    float* record = records + block * Activations.RecordWords + token;
                    byte* at = scales + (TFormat.Super ? block >> 3 : block) * TFormat.ScaleBytes;
                    ushort* halves = (ushort*)at + row;
                    byte* sub = at + 64 + (block & 7) * 32 + row;
                    if (TFormat.Zero) dot -= 8 * ((int*)record)[16];
                    if (TFormat.Super) dot *= sub[0];
                    sum = Fma(dot, FloatFormats.ExpandHalf(halves[0]) * record[0], sum);
                    if (TFormat.Zero) continue;
                    float min = FloatFormats.ExpandHalf(halves[16]);
                    sum = Fma(TFormat.Super ? -min * sub[16] : min, record[8], sum);
                }

                Store(sum, y + token * stride + row, accumulate);
            }
        }
    }

    /// <summary>Eight-bit panels. <inheritdoc cref="MatMul.PanelKernel" path="/summary"/></summary>
    public static void Q8<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ8Format
    {
        for (int token = 0; token < TTile.Tokens; token++)
        {
            for (int row = 0; row < PanelFormats.Rows; row++)
            {
                float sum = 0;
                for (int block = 0; block < columns / 32; block++)
                {
                    sbyte* v = x + (block * Activations.TileTokens + token) * 32;
                    float* record = records + block * Activations.RecordWords + token;
                    int first = 0, second = 0;
                    for (int k = 0; k < 16; k++)
                    {
                        first += (quants[Q8Index(block, row, k)] - 128) * v[k];
                        second += (quants[Q8Index(block, row, k + 16)] - 128) * v[k + 16];
                    }

                    byte* at = scales + (TFormat.Super ? block >> 3 : block) * TFormat.ScaleBytes;
                    ushort* halves = (ushort*)at + row;
                    if (!TFormat.Super)
                    {
                        float scale = TFormat.Exponent ? BlocksCodebook.HalfPowerOfTwo(at[row]) : FloatFormats.ExpandHalf(halves[0]);
                        sum = Fma(first + second, scale * record[0], sum);
                        if (TFormat.Min) sum = Fma(FloatFormats.ExpandHalf(halves[16]), record[8], sum);
                        continue;
                    }

                    sbyte* sub = (sbyte*)at + (TFormat.Min ? 64 : 32) + (block & 7) * 32 + row;
                    sum = Fma((first * sub[0]) + (second * sub[16]), FloatFormats.ExpandHalf(halves[0]) * record[0], sum);
                    if (!TFormat.Min) continue;
                    float min = -FloatFormats.ExpandHalf(halves[16]);
                    sum = Fma(min * sub[256], record[0] * ((int*)record)[24], sum);
                    sum = Fma(min * sub[272], record[0] * ((int*)record)[32], sum);
                }

                Store(sum, y + token * stride + row, accumulate);
            }
        }
    }

    private static int Q8Index(int block, int row, int k) => block * 512 + k / 4 * 64 + row * 4 + k % 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float sum, float* y, bool accumulate) => *y = accumulate ? *y + sum : sum;
}
