using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>Softmax attention of one head over one whole text: every token sees every token, all in float32, nothing is kept.</summary>
/// <remarks>
/// Sixteen queries go together, lane = query: scores are one chain a query and position in the order of the head's
/// elements, the sum of probabilities one chain a query in the order of positions. Values are one chain an element in
/// the order of positions, lane = element. Lanes beyond the last query are computed and thrown away.
/// </remarks>
internal static unsafe class BidirectionalAttention
{
    /// <summary>Queries that go together.</summary>
    public const int Lanes = 16;

    /// <summary>Positions whose scores are computed together; keys are padded to a multiple of it.</summary>
    private const int KeyTile = 8;

    /// <summary>Rows whose outputs are computed together.</summary>
    private const int RowTile = 8;

    /// <summary>Floats of scratch for texts of so many tokens.</summary>
    /// <param name="tokens">Most tokens of a text.</param>
    /// <param name="width">Width of a head.</param>
    public static long ScratchFloats(int tokens, int width)
        => Pad(tokens, KeyTile) * ((long)width + Pad(width, 32) + Lanes) + (long)Lanes * (width + Pad(width, 32)) + Lanes;

    /// <summary>Attends: the head's queries in place become its outputs.</summary>
    /// <param name="queries">The first token's queries of the head.</param>
    /// <param name="keys">The first token's keys of the head.</param>
    /// <param name="values">The first token's values of the head.</param>
    /// <param name="stride">Floats from one token to the next, of all three.</param>
    /// <param name="biases">Of queries, keys and values: the head's elements.</param>
    /// <param name="tokens">Tokens of the text, at least 1.</param>
    /// <param name="width">Width of the head.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/> floats, 64-byte aligned.</param>
    [SkipLocalsInit]
    public static void Run(float* queries, float* keys, float* values, int stride, in AttentionBiases biases, int tokens, int width, float* scratch)
    {
        int padded = Pad(tokens, KeyTile), valueWidth = Pad(width, 32);
        float* probabilities = scratch;
        float* v = probabilities + (long)padded * Lanes;
        float* output = v + (long)padded * valueWidth;
        float* sums = output + Lanes * valueWidth;
        float* q = sums + Lanes;
        float* k = q + (long)Lanes * width;
        Pack(keys, stride, biases.Key, tokens, width, k, width);
        Pack(values, stride, biases.Value, tokens, width, v, valueWidth);
        new Span<float>(k + (long)tokens * width, (padded - tokens) * width).Clear();
        float scale = 1f / MathF.Sqrt(width);
        for (int first = 0; first < tokens; first += Lanes)
        {
            int rows = Math.Min(Lanes, tokens - first);
            float* at = queries + (long)first * stride;
            Turn(at, stride, biases.Query, rows, width, scale, q);
            Scores(q, k, padded, width, probabilities);
            Softmax(probabilities, tokens).Store(sums);
            for (int row = 0; row < rows; row += RowTile)
                for (int element = 0; element < valueWidth; element += 32)
                    Weigh(probabilities + row, v + element, tokens, valueWidth, sums + row, output + row * valueWidth + element);
            for (int row = 0; row < rows; row++)
                new ReadOnlySpan<float>(output + row * valueWidth, width).CopyTo(new Span<float>(at + (long)row * stride, width));
        }
    }

    /// <summary>A head's keys or values one below the other, biases added; what pads a row is zero.</summary>
    private static void Pack(float* source, int stride, float* bias, int tokens, int width, float* target, int targetStride)
    {
        for (int token = 0; token < tokens; token++, source += stride, target += targetStride)
        {
            int i = 0;
            for (; i <= width - 16; i += 16) (Vector512.Load(source + i) + Vector512.Load(bias + i)).Store(target + i);
            for (; i < width; i++) target[i] = source[i] + bias[i];
            for (; i < targetStride; i++) target[i] = 0;
        }
    }

    /// <summary>Queries to [element][16], bias added, then scaled; absent rows are zero.</summary>
    private static void Turn(float* source, int stride, float* bias, int rows, int width, float scale, float* target)
    {
        if (rows < Lanes) new Span<float>(target, width * Lanes).Clear();
        for (int row = 0; row < rows; row++, source += stride)
            for (int i = 0; i < width; i++) target[i * Lanes + row] = (source[i] + bias[i]) * scale;
    }

    /// <summary>[position][16 queries] scores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores(float* q, float* k, int positions, int width, float* scores)
    {
        for (int position = 0; position < positions; position += KeyTile)
        {
            float* k0 = k + (long)position * width, k1 = k0 + width, k2 = k1 + width, k3 = k2 + width;
            float* k4 = k3 + width, k5 = k4 + width, k6 = k5 + width, k7 = k6 + width;
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            for (int i = 0; i < width; i++)
            {
                Vector512<float> x = Vector512.Load(q + i * Lanes);
                s0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(k0[i]), s0);
                s1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(k1[i]), s1);
                s2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(k2[i]), s2);
                s3 = Vector512.FusedMultiplyAdd(x, Vector512.Create(k3[i]), s3);
                s4 = Vector512.FusedMultiplyAdd(x, Vector512.Create(k4[i]), s4);
                s5 = Vector512.FusedMultiplyAdd(x, Vector512.Create(k5[i]), s5);
                s6 = Vector512.FusedMultiplyAdd(x, Vector512.Create(k6[i]), s6);
                s7 = Vector512.FusedMultiplyAdd(x, Vector512.Create(k7[i]), s7);
            }

            float* at = scores + (long)position * Lanes;
            s0.Store(at);
            s1.Store(at + 16);
            s2.Store(at + 32);
            s3.Store(at + 48);
            s4.Store(at + 64);
            s5.Store(at + 80);
            s6.Store(at + 96);
            s7.Store(at + 112);
        }
    }

    /// <summary>Scores become exp(score − max); the sums come back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Softmax(float* scores, int tokens)
    {
        Vector512<float> max = Vector512.Load(scores), sum = Vector512<float>.Zero;
        for (int i = 1; i < tokens; i++) max = Reduce.Greater(max, Vector512.Load(scores + (long)i * Lanes));
        for (int i = 0; i < tokens; i++)
        {
            Vector512<float> p = VectorMath.Exp(Vector512.Load(scores + (long)i * Lanes) - max);
            p.Store(scores + (long)i * Lanes);
            sum += p;
        }

        return sum;
    }

    /// <summary>Thirty-two elements of eight rows' outputs: Σ probability · value, divided by the row's sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh(float* p, float* v, int tokens, int stride, float* sums, float* output)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        for (int i = 0; i < tokens; i++, p += Lanes, v += stride)
        {
            Vector512<float> x = Vector512.Load(v), y = Vector512.Load(v + 16);
            Vector512<float> w = Vector512.Create(p[0]);
            a0 = Vector512.FusedMultiplyAdd(w, x, a0);
            b0 = Vector512.FusedMultiplyAdd(w, y, b0);
            w = Vector512.Create(p[1]);
            a1 = Vector512.FusedMultiplyAdd(w, x, a1);
            b1 = Vector512.FusedMultiplyAdd(w, y, b1);
            w = Vector512.Create(p[2]);
            a2 = Vector512.FusedMultiplyAdd(w, x, a2);
            b2 = Vector512.FusedMultiplyAdd(w, y, b2);
            w = Vector512.Create(p[3]);
            a3 = Vector512.FusedMultiplyAdd(w, x, a3);
            b3 = Vector512.FusedMultiplyAdd(w, y, b3);
            w = Vector512.Create(p[4]);
            a4 = Vector512.FusedMultiplyAdd(w, x, a4);
            b4 = Vector512.FusedMultiplyAdd(w, y, b4);
            w = Vector512.Create(p[5]);
            a5 = Vector512.FusedMultiplyAdd(w, x, a5);
            b5 = Vector512.FusedMultiplyAdd(w, y, b5);
            w = Vector512.Create(p[6]);
            a6 = Vector512.FusedMultiplyAdd(w, x, a6);
            b6 = Vector512.FusedMultiplyAdd(w, y, b6);
            w = Vector512.Create(p[7]);
            a7 = Vector512.FusedMultiplyAdd(w, x, a7);
            b7 = Vector512.FusedMultiplyAdd(w, y, b7);
        }

        Store(a0, b0, sums[0], output);
        Store(a1, b1, sums[1], output + stride);
        Store(a2, b2, sums[2], output + 2 * stride);
        Store(a3, b3, sums[3], output + 3 * stride);
        Store(a4, b4, sums[4], output + 4 * stride);
        Store(a5, b5, sums[5], output + 5 * stride);
        Store(a6, b6, sums[6], output + 6 * stride);
        Store(a7, b7, sums[7], output + 7 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> a, Vector512<float> b, float sum, float* output)
    {
        Vector512<float> divisor = Vector512.Create(sum);
        (a / divisor).Store(output);
        (b / divisor).Store(output + 16);
    }

    private static int Pad(int count, int unit) => (count + unit - 1) / unit * unit;
}

/// <summary>Where a head's biases stand.</summary>
/// <param name="query">Added to the queries.</param>
/// <param name="key">Added to the keys.</param>
/// <param name="value">Added to the values.</param>
internal readonly unsafe struct AttentionBiases(float* query, float* key, float* value)
{
    /// <summary>Added to the queries.</summary>
    public float* Query { get; } = query;

    /// <summary>Added to the keys.</summary>
    public float* Key { get; } = key;

    /// <summary>Added to the values.</summary>
    public float* Value { get; } = value;
}
