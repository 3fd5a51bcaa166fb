using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Sampling;

/// <summary>What the samplers ask of one row of logits, 16 at a time.</summary>
internal static unsafe class LogitRow
{
    /// <summary>The greatest logit.</summary>
    /// <param name="logits">The row; −∞ stands for a token that cannot be drawn.</param>
    /// <param name="count">Length of the row.</param>
    /// <exception cref="NonFiniteLogitsException">A NaN or +∞ is among them, or nothing but −∞.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float CheckedMax(float* logits, int count)
    {
        Vector512<float> largest = Vector512.Create(float.MaxValue);
        Vector512<float> max = Vector512.Create(float.NegativeInfinity);
        Vector512<float> max1 = max;
        Vector512<float> valid = Vector512<float>.AllBitsSet;
        int i = 0;
        for (; i + 32 <= count; i += 32)
        {
            Vector512<float> x = Vector512.Load(logits + i);
            Vector512<float> x1 = Vector512.Load(logits + i + 16);
            valid &= Vector512.LessThanOrEqual(x, largest) & Vector512.LessThanOrEqual(x1, largest);
            max = Reduce.Greater(max, x);
            max1 = Reduce.Greater(max1, x1);
        }

        max = Reduce.Greater(max, max1);
        for (; i < count; i += 16)
        {
            Vector512<float> x = i + 16 <= count ? Vector512.Load(logits + i) : Reduce.LoadTail(logits + i, count - i, float.NegativeInfinity);
            valid &= Vector512.LessThanOrEqual(x, largest);
            max = Reduce.Greater(max, x);
        }

        float result = Reduce.MaxLanes(max);
        if (valid.AsInt32() != Vector512<int>.AllBitsSet || result == float.NegativeInfinity) NonFiniteLogitsException.Throw();
        return result;
    }

    /// <summary>The lowest index of a value, or −1.</summary>
    /// <param name="logits">The row.</param>
    /// <param name="count">Length of the row.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int IndexOf(float* logits, int count, float value)
    {
        Vector512<float> wanted = Vector512.Create(value);
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            ulong found = Vector512.Equals(Vector512.Load(logits + i), wanted).ExtractMostSignificantBits();
            if (found != 0) return i + BitOperations.TrailingZeroCount(found);
        }

        for (; i < count; i++)
        {
            if (logits[i] == value) return i;
        }

        return -1;
    }

    /// <summary>Sets the logits of all tokens but the allowed ones to −∞.</summary>
    /// <param name="logits">The row, to be changed.</param>
    /// <param name="count">Length of the row.</param>
    /// <param name="allowed">A bit for each token, token i in bit i mod 64 of word i / 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mask(float* logits, int count, ReadOnlySpan<ulong> allowed)
    {
        Vector512<float> never = Vector512.Create(float.NegativeInfinity);
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            Vector512<float> keep = Expand((uint)(allowed[i >> 6] >> (i & 63)) & 0xFFFF);
            Vector512.ConditionalSelect(keep, Vector512.Load(logits + i), never).Store(logits + i);
        }

        for (; i < count; i++)
        {
            if ((allowed[i >> 6] >> (i & 63) & 1) == 0) logits[i] = float.NegativeInfinity;
        }
    }

    /// <summary>All bits of lane i set where bit i is.</summary>
    /// <param name="mask">16 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Expand(uint mask)
    {
        Vector512<uint> lanes = Vector512.Create(1u, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return Vector512.Equals(Vector512.Create(mask) & lanes, lanes).AsSingle();
    }
}
