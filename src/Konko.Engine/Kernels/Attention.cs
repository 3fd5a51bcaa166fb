using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Cache;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>Softmax attention of up to eight query rows over a sequence's pages, segment by segment.</summary>
/// <remarks>
/// A row is one query head of one token; all rows of a call share a KV head. Scores are one chain a position in the
/// order of the head's elements (lane = position), the sum of probabilities goes in sixteen lanes and the fixed tree,
/// values are one chain an element in the order of positions (lane = element). A segment is 256 absolute positions;
/// segments are merged in order, in the same steps whether one thread walks them or several.
/// </remarks>
internal static unsafe class Attention
{
    /// <summary>Positions of a segment.</summary>
    public const int Segment = 256;

    /// <summary>Most rows of a call.</summary>
    public const int Rows = 8;

    /// <summary>Floats of a row's state for heads of a padded width: max, sum, 14 unused, then the vector.</summary>
    public static int StateStride(int headDim) => 16 + headDim;

    /// <summary>Computes one segment's partial result of every row.</summary>
    /// <param name="layout">Shape of the pages.</param>
    /// <param name="pages">The sequence's pages.</param>
    /// <param name="headOffset">Bytes from a page's start to the layer's and KV head's memory.</param>
    /// <param name="segment">Index of the segment.</param>
    /// <param name="next">What is read afterwards.</param>
    /// <param name="queries">[row][width] queries, already scaled.</param>
    /// <param name="width">True width of a head.</param>
    /// <param name="rows">Number of rows, 1 … 8; memory must hold the next of 1, 2, 3, 4, 6, 8.</param>
    /// <param name="limits">For each row, one past the last position it may see.</param>
    /// <param name="starts">For each row, the first position it may see (a window), else 0.</param>
    /// <param name="softcap">c of c · tanh(score / c); 0 is off.</param>
    /// <param name="scores">Scratch: 8 × 256 floats.</param>
    /// <param name="states">Out: [row][StateStride] max, sum, vector.</param>
    public static void RunSegment(
        KvLayout layout, List<KvPage> pages, long headOffset, int segment, in KvNext next, float* queries, int width, int rows, int* limits, int* starts, float softcap, float* scores, float* states)
    {
        if (layout.Type == KvType.BFloat16) RunTyped<BFloat16Elements>(layout, pages, headOffset, segment, next, queries, width, rows, limits, starts, softcap, scores, states);
        else RunTyped<Float32Elements>(layout, pages, headOffset, segment, next, queries, width, rows, limits, starts, softcap, scores, states);
    }

    /// <summary>Merges a later segment's partial result into a row's state.</summary>
    /// <param name="state">The row's state so far.</param>
    /// <param name="next">The later segment's.</param>
    /// <param name="headDim">Padded width of a head.</param>
    [SkipLocalsInit]
    public static void Merge(float* state, float* next, int headDim)
    {
        if (next[1] == 0) return; // nothing of the segment was visible
        if (state[1] == 0)
        {
            new ReadOnlySpan<float>(next, StateStride(headDim)).CopyTo(new Span<float>(state, StateStride(headDim)));
            return;
        }

        float max = MathF.Max(state[0], next[0]);
        float keep = ScalarMath.Exp(state[0] - max), add = ScalarMath.Exp(next[0] - max);
        state[0] = max;
        state[1] = MathF.FusedMultiplyAdd(next[1], add, state[1] * keep);
        Vector512<float> k = Vector512.Create(keep), a = Vector512.Create(add);
        for (int d = 16; d < 16 + headDim; d += 16)
            Vector512.FusedMultiplyAdd(Vector512.Load(next + d), a, Vector512.Load(state + d) * k).Store(state + d);
    }

    /// <summary>Lets a score without a value take part in a row's softmax.</summary>
    /// <param name="state">The row's merged state.</param>
    /// <param name="score">The score.</param>
    /// <param name="headDim">Padded width of a head.</param>
    public static void Sink(float* state, float score, int headDim)
    {
        float max = MathF.Max(state[0], score);
        float keep = ScalarMath.Exp(state[0] - max);
        state[1] = MathF.FusedMultiplyAdd(state[1], keep, ScalarMath.Exp(score - max));
        for (int d = 16; d < 16 + headDim; d++) state[d] *= keep;
    }

    /// <summary>A row's query, scaled.</summary>
    /// <param name="query">The query.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="width">True width of a head.</param>
    /// <param name="to">Where to, <paramref name="width"/> floats.</param>
    public static void Scale(float* query, float scale, int width, float* to)
    {
        int d = 0;
        for (; d <= width - 16; d += 16) (Vector512.Load(query + d) * scale).Store(to + d);
        for (; d < width; d++) to[d] = query[d] * scale;
    }

    /// <summary>Writes a row's result: the vector over the sum.</summary>
    /// <param name="state">The row's merged state.</param>
    /// <param name="width">True width of a head.</param>
    /// <param name="output">Where to, <paramref name="width"/> floats.</param>
    public static void Finish(float* state, int width, float* output)
    {
        Vector512<float> sum = Vector512.Create(state[1]);
        int d = 0;
        for (; d <= width - 16; d += 16) (Vector512.Load(state + 16 + d) / sum).Store(output + d);
        for (; d < width; d++) output[d] = state[16 + d] / state[1];
    }

    [SkipLocalsInit]
    private static void RunTyped<TKv>(
        KvLayout layout, List<KvPage> pages, long headOffset, int segment, in KvNext next, float* queries, int width, int rows, int* limits, int* starts, float softcap, float* scores, float* states)
        where TKv : struct, IKvElements
    {
        int first = segment * Segment;
        int end = first;
        for (int r = 0; r < rows; r++) end = Math.Max(end, Math.Min(limits[r], first + Segment));
        KvStretch* stretches = stackalloc KvStretch[KvStretch.Most(layout)], ahead = stretches + KvStretch.Distance;
        KvStretch.List(layout, pages, headOffset, first, end, next, stretches);
        for (int position = first; position < end; position += KvLayout.PagePositions)
        {
            byte* keys = pages[position / KvLayout.PagePositions].Data + headOffset;
            float* at = scores + (position - first);
            if (rows > 6) Scores<TKv, Tile8>(keys, ahead, queries, width, at);
            else if (rows > 4) Scores<TKv, Tile6>(keys, ahead, queries, width, at);
            else if (rows > 3) Scores<TKv, Tile4>(keys, ahead, queries, width, at);
            else if (rows > 2) Scores<TKv, Tile3>(keys, ahead, queries, width, at);
            else if (rows > 1) Scores<TKv, Tile2>(keys, ahead, queries, width, at);
            else Scores<TKv, Tile1>(keys, ahead, queries, width, at);
            ahead += layout.HeadDim / 32;
        }

        int stride = StateStride(layout.HeadDim);
        for (int r = 0; softcap != 0 && r < rows; r++) Softcap.Run(scores + r * Segment, (end - first + 15) & ~15, softcap);
        for (int r = 0; r < rows; r++) Softmax(scores + r * Segment, starts[r] - first, Math.Min(limits[r], end) - first, end - first, states + r * stride);
        for (int d = 0; d < layout.HeadDim; d += 32)
        {
            if (rows > 6) Values<TKv, Tile8>(layout, pages, headOffset, first, end, ahead, scores, d, states + 16 + d, stride);
            else if (rows > 4) Values<TKv, Tile6>(layout, pages, headOffset, first, end, ahead, scores, d, states + 16 + d, stride);
            else if (rows > 3) Values<TKv, Tile4>(layout, pages, headOffset, first, end, ahead, scores, d, states + 16 + d, stride);
            else if (rows > 2) Values<TKv, Tile3>(layout, pages, headOffset, first, end, ahead, scores, d, states + 16 + d, stride);
            else if (rows > 1) Values<TKv, Tile2>(layout, pages, headOffset, first, end, ahead, scores, d, states + 16 + d, stride);
            else Values<TKv, Tile1>(layout, pages, headOffset, first, end, ahead, scores, d, states + 16 + d, stride);
            ahead += (end - first + KvLayout.PagePositions - 1) / KvLayout.PagePositions;
        }
    }

    /// <summary>Scores of one page: [row][256] at the page's place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Scores<TKv, TTile>(byte* keys, KvStretch* ahead, float* q, int width, float* scores)
        where TKv : struct, IKvElements
        where TTile : struct, ITile
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        float* q4 = q + 4 * width;
        nint next = 0, step = 0;
        for (int d = 0; d < width; d++)
        {
            if (d % 32 == 0) (next, step) = *ahead++;
            KvStretch.Prefetch<TKv>(next);
            next += step;
            TKv.Load(keys, out Vector512<float> k0, out Vector512<float> k1);
            keys += KvLayout.PagePositions * TKv.Bytes;
            Vector512<float> v = Vector512.Create(q[d]);
            a0 = Vector512.FusedMultiplyAdd(v, k0, a0);
            b0 = Vector512.FusedMultiplyAdd(v, k1, b0);
            if (TTile.Tokens > 1)
            {
                v = Vector512.Create(q[width + d]);
                a1 = Vector512.FusedMultiplyAdd(v, k0, a1);
                b1 = Vector512.FusedMultiplyAdd(v, k1, b1);
            }

            if (TTile.Tokens > 2)
            {
                v = Vector512.Create(q[2 * width + d]);
                a2 = Vector512.FusedMultiplyAdd(v, k0, a2);
                b2 = Vector512.FusedMultiplyAdd(v, k1, b2);
            }

            if (TTile.Tokens > 3)
            {
                v = Vector512.Create(q[3 * width + d]);
                a3 = Vector512.FusedMultiplyAdd(v, k0, a3);
                b3 = Vector512.FusedMultiplyAdd(v, k1, b3);
            }

            if (TTile.Tokens > 4)
            {
                v = Vector512.Create(q4[d]);
                a4 = Vector512.FusedMultiplyAdd(v, k0, a4);
                b4 = Vector512.FusedMultiplyAdd(v, k1, b4);
                v = Vector512.Create(q4[width + d]);
                a5 = Vector512.FusedMultiplyAdd(v, k0, a5);
                b5 = Vector512.FusedMultiplyAdd(v, k1, b5);
            }

            if (TTile.Tokens > 6)
            {
                v = Vector512.Create(q4[2 * width + d]);
                a6 = Vector512.FusedMultiplyAdd(v, k0, a6);
                b6 = Vector512.FusedMultiplyAdd(v, k1, b6);
                v = Vector512.Create(q4[3 * width + d]);
                a7 = Vector512.FusedMultiplyAdd(v, k0, a7);
                b7 = Vector512.FusedMultiplyAdd(v, k1, b7);
            }
        }

        a0.Store(scores);
        b0.Store(scores + 16);
        if (TTile.Tokens > 1)
        {
            a1.Store(scores + Segment);
            b1.Store(scores + Segment + 16);
        }

        if (TTile.Tokens > 2)
        {
            a2.Store(scores + 2 * Segment);
            b2.Store(scores + 2 * Segment + 16);
        }

        if (TTile.Tokens > 3)
        {
            a3.Store(scores + 3 * Segment);
            b3.Store(scores + 3 * Segment + 16);
        }

        if (TTile.Tokens > 4)
        {
            a4.Store(scores + 4 * Segment);
            b4.Store(scores + 4 * Segment + 16);
            a5.Store(scores + 5 * Segment);
            b5.Store(scores + 5 * Segment + 16);
        }

        if (TTile.Tokens > 6)
        {
            a6.Store(scores + 6 * Segment);
            b6.Store(scores + 6 * Segment + 16);
            a7.Store(scores + 7 * Segment);
            b7.Store(scores + 7 * Segment + 16);
        }
    }

    /// <summary>Scores to probabilities in place, zero where a row may not look, and the row's max and sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Softmax(float* scores, int start, int limit, int end, float* state)
    {
        Vector512<int> index = Vector512.CreateSequence(0, 1);
        Vector512<int> from = Vector512.Create(start), to = Vector512.Create(limit);
        Vector512<float> minusInfinity = Vector512.Create(float.NegativeInfinity);
        Vector512<float> max = minusInfinity;
        int rounded = (end + 15) & ~15;
        for (int i = 0; i < rounded; i += 16)
        {
            Vector512<float> s = Vector512.Load(scores + i);
            if (i < start || i + 16 > limit)
            {
                Vector512<int> at = index + Vector512.Create(i);
                Vector512<int> visible = Vector512.GreaterThanOrEqual(at, from) & Vector512.LessThan(at, to);
                s = Vector512.ConditionalSelect(visible.AsSingle(), s, minusInfinity);
                s.Store(scores + i);
            }

            max = Vector512.MaxNative(max, s); // a NaN may be passed over here: its own probability is NaN
        }

        float top = Reduce.MaxLanes(max);
        state[0] = top;
        state[1] = 0;
        if (start >= limit || limit <= 0)
        {
            new Span<float>(scores, rounded).Clear();
            return;
        }

        Vector512<float> sum = default, shift = Vector512.Create(top);
        for (int i = 0; i < rounded; i += 16)
        {
            Vector512<float> p = VectorMath.Exp(Vector512.Load(scores + i) - shift);
            p.Store(scores + i);
            sum += p;
        }

        state[1] = Reduce.SumLanes(sum);
    }

    /// <summary>Weighted values of 32 elements of the head: [row][32] to the rows' states.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Values<TKv, TTile>(KvLayout layout, List<KvPage> pages, long headOffset, int first, int end, KvStretch* ahead, float* p, int element, float* output, int stride)
        where TKv : struct, IKvElements
        where TTile : struct, ITile
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        nint step = (nint)layout.HeadDim * TKv.Bytes;
        for (int position = first; position < end; position += KvLayout.PagePositions)
        {
            nint offset = (nint)headOffset + KvLayout.PagePositions * step + element * TKv.Bytes;
            byte* values = pages[position / KvLayout.PagePositions].Data + offset;
            (nint next, nint nextStep) = *ahead++;
            int count = Math.Min(KvLayout.PagePositions, end - position);
            for (int i = 0; i < count; i++)
            {
                KvStretch.Prefetch<TKv>(next);
                TKv.Load(values, out Vector512<float> v0, out Vector512<float> v1);
                values += step;
                next += nextStep;
                Vector512<float> w = Vector512.Create(p[i]);
                a0 = Vector512.FusedMultiplyAdd(w, v0, a0);
                b0 = Vector512.FusedMultiplyAdd(w, v1, b0);
                if (TTile.Tokens > 1)
                {
                    w = Vector512.Create(p[Segment + i]);
                    a1 = Vector512.FusedMultiplyAdd(w, v0, a1);
                    b1 = Vector512.FusedMultiplyAdd(w, v1, b1);
                }

                if (TTile.Tokens > 2)
                {
                    w = Vector512.Create(p[2 * Segment + i]);
                    a2 = Vector512.FusedMultiplyAdd(w, v0, a2);
                    b2 = Vector512.FusedMultiplyAdd(w, v1, b2);
                }

                if (TTile.Tokens > 3)
                {
                    w = Vector512.Create(p[3 * Segment + i]);
                    a3 = Vector512.FusedMultiplyAdd(w, v0, a3);
                    b3 = Vector512.FusedMultiplyAdd(w, v1, b3);
                }

                if (TTile.Tokens > 4)
                {
                    w = Vector512.Create(p[4 * Segment + i]);
                    a4 = Vector512.FusedMultiplyAdd(w, v0, a4);
                    b4 = Vector512.FusedMultiplyAdd(w, v1, b4);
                    w = Vector512.Create(p[5 * Segment + i]);
                    a5 = Vector512.FusedMultiplyAdd(w, v0, a5);
                    b5 = Vector512.FusedMultiplyAdd(w, v1, b5);
                }

                if (TTile.Tokens > 6)
                {
                    w = Vector512.Create(p[6 * Segment + i]);
                    a6 = Vector512.FusedMultiplyAdd(w, v0, a6);
                    b6 = Vector512.FusedMultiplyAdd(w, v1, b6);
                    w = Vector512.Create(p[7 * Segment + i]);
                    a7 = Vector512.FusedMultiplyAdd(w, v0, a7);
                    b7 = Vector512.FusedMultiplyAdd(w, v1, b7);
                }
            }

            p += KvLayout.PagePositions;
        }

        a0.Store(output);
        b0.Store(output + 16);
        if (TTile.Tokens > 1)
        {
            a1.Store(output + stride);
            b1.Store(output + stride + 16);
        }

        if (TTile.Tokens > 2)
        {
            a2.Store(output + 2 * stride);
            b2.Store(output + 2 * stride + 16);
        }

        if (TTile.Tokens > 3)
        {
            a3.Store(output + 3 * stride);
            b3.Store(output + 3 * stride + 16);
        }

        if (TTile.Tokens > 4)
        {
            a4.Store(output + 4 * stride);
            b4.Store(output + 4 * stride + 16);
            a5.Store(output + 5 * stride);
            b5.Store(output + 5 * stride + 16);
        }

        if (TTile.Tokens > 6)
        {
            a6.Store(output + 6 * stride);
            b6.Store(output + 6 * stride + 16);
            a7.Store(output + 7 * stride);
            b7.Store(output + 7 * stride + 16);
        }
    }
}
