using System.Runtime.CompilerServices;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>The definition of every product, one number at a time: the oracle for the fast kernels, and the path of machines without vectors.</summary>
internal static unsafe class MatMulScalar
{
    /// <summary>Four-bit panels. <inheritdoc cref="MatMul.PanelKernel" path="/summary"/></summary>
    public static void Q4<TTile, TMin>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TMin : struct, IFlag
    {
        int scaleStride = TMin.Value ? 64 : 32;
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
                    ushort* scale = (ushort*)(scales + block * scaleStride) + row;
                    if (!TMin.Value) dot -= 8 * ((int*)record)[16];
                    sum = Fma(dot, FloatFormats.ExpandHalf(scale[0]) * record[0], sum);
                    if (TMin.Value) sum = Fma(FloatFormats.ExpandHalf(scale[16]), record[8], sum);
                }

                Store(sum, y + token * stride + row, accumulate);
            }
        }
    }

    /// <summary>Eight-bit panels. <inheritdoc cref="MatMul.PanelKernel" path="/summary"/></summary>
    public static void Q8<TTile, TSuper>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TSuper : struct, IFlag
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

                    if (TSuper.Value)
                    {
                        byte* super = scales + (block >> 3) * MatMul.SuperBytes;
                        sbyte* sub = (sbyte*)super + 32 + (block & 7) * 32 + row;
                        sum = Fma((first * sub[0]) + (second * sub[16]), FloatFormats.ExpandHalf(((ushort*)super)[row]) * record[0], sum);
                    }
                    else
                    {
                        sum = Fma(first + second, FloatFormats.ExpandHalf(((ushort*)(scales + block * 32))[row]) * record[0], sum);
                    }
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
