using static Konko.Engine.Numerics.Coefficients;

namespace Konko.Engine.Numerics;

/// <summary>
/// Elementary functions out of +, −, ×, ÷, √, fused multiply-add and bits only, so that every machine and runtime
/// gives the same bits. The single-precision ones define what <see cref="VectorMath"/> computes in each lane.
/// </summary>
public static partial class ScalarMath
{
    /// <summary>eˣ within 1 ulp; exactly 1 at 0, exactly 0 below −104, +∞ above 88.73; NaN stays NaN.</summary>
    /// <param name="x">Any value.</param>
    public static float Exp(float x)
    {
        x = x < ExpMin ? ExpMin : x;
        x = x > ExpMax ? ExpMax : x;
        float shifted = MathF.FusedMultiplyAdd(x, Log2E, RoundingMagic);
        float n = shifted - RoundingMagic;
        float r = MathF.FusedMultiplyAdd(n, -Ln2High, x);
        r = MathF.FusedMultiplyAdd(n, -Ln2Low, r);
        float q = MathF.FusedMultiplyAdd(E4, r, E3);
        q = MathF.FusedMultiplyAdd(q, r, E2);
        q = MathF.FusedMultiplyAdd(q, r, E1);
        q = MathF.FusedMultiplyAdd(q, r, E0);
        float p = 1f + MathF.FusedMultiplyAdd(r * r, q, r);

        // Two powers of two, since the results reach from 2⁻¹⁴⁹ to 2¹²⁸; only the second product rounds.
        int whole = BitConverter.SingleToInt32Bits(shifted) - BitConverter.SingleToInt32Bits(RoundingMagic);
        int half = whole >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    /// <summary>ln x within 1 ulp; −∞ at 0, NaN below.</summary>
    /// <param name="x">Any value.</param>
    public static float Log(float x)
    {
        if (!(x > 0f)) return x == 0f ? float.NegativeInfinity : float.NaN;
        if (x == float.PositiveInfinity) return x;
        bool subnormal = x < 1.17549435e-38f;
        int bits = BitConverter.SingleToInt32Bits(subnormal ? x * 8388608f : x);
        int exponent = (bits - SqrtHalfBits) >> 23;
        float f = BitConverter.Int32BitsToSingle(bits - (exponent << 23)) - 1f;
        float e = exponent - (subnormal ? 23f : 0f);

        float s = f / (2f + f);
        float z = s * s;
        float r = MathF.FusedMultiplyAdd(L5, z, L4);
        r = MathF.FusedMultiplyAdd(r, z, L3);
        r = MathF.FusedMultiplyAdd(r, z, L2);
        r = MathF.FusedMultiplyAdd(r, z, L1);
        r *= z;

        // ln(1 + f) = f − (f²/2 − s · (f²/2 + r)): the large term f enters unrounded.
        float square = 0.5f * f * f;
        float low = MathF.FusedMultiplyAdd(e, Ln2Low, s * (square + r));
        return MathF.FusedMultiplyAdd(e, Ln2High, f - (square - low));
    }

    /// <summary>tanh x within 2 ulp.</summary>
    /// <param name="x">Any value.</param>
    public static float Tanh(float x)
    {
        float a = MathF.Abs(x);
        float z = x * x;
        float t = MathF.FusedMultiplyAdd(T4, z, T3);
        t = MathF.FusedMultiplyAdd(t, z, T2);
        t = MathF.FusedMultiplyAdd(t, z, T1);
        t = MathF.FusedMultiplyAdd(t, z, T0);
        float small = MathF.FusedMultiplyAdd(t * z, x, x);
        float large = 1f - 2f / (Exp(a + a) + 1f);
        return a < TanhSplit ? small : MathF.CopySign(large, x);
    }

    /// <summary>The error function within 2 ulp.</summary>
    /// <param name="x">Any value.</param>
    public static float Erf(float x)
    {
        float a = MathF.Abs(x);
        float z = x * x;
        float s = MathF.FusedMultiplyAdd(S6, z, S5);
        s = MathF.FusedMultiplyAdd(s, z, S4);
        s = MathF.FusedMultiplyAdd(s, z, S3);
        s = MathF.FusedMultiplyAdd(s, z, S2);
        s = MathF.FusedMultiplyAdd(s, z, S1);
        s = MathF.FusedMultiplyAdd(s, z, S0);
        float small = MathF.FusedMultiplyAdd(s, x, x);
        float b = a > ErfMax ? ErfMax : a;
        float c = MathF.FusedMultiplyAdd(C6, b, C5);
        c = MathF.FusedMultiplyAdd(c, b, C4);
        c = MathF.FusedMultiplyAdd(c, b, C3);
        c = MathF.FusedMultiplyAdd(c, b, C2);
        c = MathF.FusedMultiplyAdd(c, b, C1);
        c = MathF.FusedMultiplyAdd(c, b, C0);
        float large = 1f - Exp(-c);
        return a < ErfSplit ? small : MathF.CopySign(large, x);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    /// <param name="x">Any value.</param>
    public static float Sigmoid(float x) => 1f / (1f + Exp(-x));

    /// <summary>x · sigmoid(x), for finite x.</summary>
    /// <param name="x">A finite value.</param>
    public static float Silu(float x) => x / (1f + Exp(-x));

    /// <summary>GELU in its tanh form, ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), for finite x.</summary>
    /// <param name="x">A finite value.</param>
    public static float Gelu(float x)
        => x / (1f + Exp(-(x * MathF.FusedMultiplyAdd(x * x, GeluCubic, GeluLinear))));

    /// <summary>GELU itself, ½ x (1 + erf(x / √2)), for finite x.</summary>
    /// <param name="x">A finite value.</param>
    public static float GeluErf(float x)
    {
        float half = 0.5f * x;
        return MathF.FusedMultiplyAdd(half, Erf(x * SqrtHalf), half);
    }

    private static float PowerOfTwo(int n) => BitConverter.Int32BitsToSingle((n + 127) << 23);
}
