using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>How sixteen weights of a float panel are read.</summary>
internal unsafe interface IFloatWeights
{
    /// <summary>Bytes of sixteen weights.</summary>
    static abstract int Bytes { get; }

    /// <summary>The sixteen weights at an address, exactly.</summary>
    static abstract Vector512<float> Load(byte* at);
}

internal readonly unsafe struct Float32Weights : IFloatWeights
{
    public static int Bytes => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* at) => Vector512.LoadAligned((float*)at);
}

internal readonly unsafe struct HalfWeights : IFloatWeights
{
    public static int Bytes => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* at) => FloatFormats.ExpandHalf(Vector256.LoadAligned((ushort*)at));
}

internal readonly unsafe struct BFloat16Weights : IFloatWeights
{
    public static int Bytes => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* at) => FloatFormats.ExpandBf16(Vector256.LoadAligned((ushort*)at));
}

/// <summary>Float panels times float activations: one chain of fused multiply-adds a row, in the order of columns; lane = row.</summary>
internal static unsafe class MatMulFloat
{
    /// <summary>One panel of 16 rows times one tile of tokens.</summary>
    /// <param name="weights">[column][16 rows].</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="x">The first token's inputs.</param>
    /// <param name="xStride">Floats from one token's inputs to the next.</param>
    /// <param name="y">The first token's 16 outputs.</param>
    /// <param name="stride">Floats from one token's outputs to the next.</param>
    /// <param name="accumulate">Whether to add to the outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Run<TTile, TWeights>(byte* weights, int columns, float* x, nint xStride, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TWeights : struct, IFloatWeights
    {
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default, f4 = default, f5 = default, f6 = default, f7 = default;
        for (int k = 0; k < columns; k++)
        {
            Vector512<float> w = TWeights.Load(weights);
            weights += TWeights.Bytes;
            f0 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[k]), f0);
            if (TTile.Tokens > 1) f1 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[k + xStride]), f1);
            if (TTile.Tokens > 2) f2 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[k + 2 * xStride]), f2);
            if (TTile.Tokens > 2) f3 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[k + 3 * xStride]), f3);
            if (TTile.Tokens > 4) f4 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[k + 4 * xStride]), f4);
            if (TTile.Tokens > 4) f5 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[k + 5 * xStride]), f5);
            if (TTile.Tokens > 4) f6 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[k + 6 * xStride]), f6);
            if (TTile.Tokens > 4) f7 = Vector512.FusedMultiplyAdd(w, Vector512.Create(x[k + 7 * xStride]), f7);
        }

        MatMul.Store(f0, y, accumulate);
        if (TTile.Tokens > 1) MatMul.Store(f1, y + stride, accumulate);
        if (TTile.Tokens > 2) MatMul.Store(f2, y + 2 * stride, accumulate);
        if (TTile.Tokens > 2) MatMul.Store(f3, y + 3 * stride, accumulate);
        if (TTile.Tokens > 4) MatMul.Store(f4, y + 4 * stride, accumulate);
        if (TTile.Tokens > 4) MatMul.Store(f5, y + 5 * stride, accumulate);
        if (TTile.Tokens > 4) MatMul.Store(f6, y + 6 * stride, accumulate);
        if (TTile.Tokens > 4) MatMul.Store(f7, y + 7 * stride, accumulate);
    }
}
