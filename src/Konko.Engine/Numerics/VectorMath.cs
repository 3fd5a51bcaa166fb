using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Konko.Engine.Numerics.Coefficients;

namespace Konko.Engine.Numerics;

/// <summary>
/// The functions of <see cref="ScalarMath"/> on 16 floats at once, operation for operation, so that a lane equals the
/// scalar bit for bit. Machines without 512-bit vectors run the same IEEE operations in halves or lanes.
/// </summary>
public static class VectorMath
{
    /// <summary>eˣ; see <see cref="ScalarMath.Exp(float)"/>.</summary>
    /// <param name="x">Any values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // The constants come first: x86 gives the second of two where one is NaN, Arm gives the NaN, so it stays in both.
        x = Vector512.MaxNative(Vector512.Create(ExpMin), x);
        x = Vector512.MinNative(Vector512.Create(ExpMax), x);
        Vector512<float> magic = Vector512.Create(RoundingMagic);
        Vector512<float> shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), magic);
        Vector512<float> n = shifted - magic;
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);
        Vector512<float> q = Vector512.FusedMultiplyAdd(Vector512.Create(E4), r, Vector512.Create(E3));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(E2));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(E1));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(E0));
        Vector512<float> p = Vector512<float>.One + Vector512.FusedMultiplyAdd(r * r, q, r);

        // One instruction that rounds once, hence like the two products below.
        if (Avx512F.IsSupported) return Avx512F.Scale(p, n);
        Vector512<int> whole = shifted.AsInt32() - magic.AsInt32();
        Vector512<int> half = Vector512.ShiftRightArithmetic(whole, 1);
        return p * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    /// <summary>ln x; see <see cref="ScalarMath.Log(float)"/>.</summary>
    /// <param name="x">Any values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x)
    {
        Vector512<float> subnormal = Vector512.LessThan(x, Vector512.Create(1.17549435e-38f));
        Vector512<int> bits = Vector512.ConditionalSelect(subnormal, x * Vector512.Create(8388608f), x).AsInt32();
        Vector512<int> exponent = Vector512.ShiftRightArithmetic(bits - Vector512.Create(SqrtHalfBits), 23);
        Vector512<float> f = (bits - Vector512.ShiftLeft(exponent, 23)).AsSingle() - Vector512<float>.One;
        Vector512<float> e = Vector512.ConvertToSingle(exponent) - (subnormal & Vector512.Create(23f));

        Vector512<float> s = f / (Vector512.Create(2f) + f);
        Vector512<float> z = s * s;
        Vector512<float> r = Vector512.FusedMultiplyAdd(Vector512.Create(L5), z, Vector512.Create(L4));
        r = Vector512.FusedMultiplyAdd(r, z, Vector512.Create(L3));
        r = Vector512.FusedMultiplyAdd(r, z, Vector512.Create(L2));
        r = Vector512.FusedMultiplyAdd(r, z, Vector512.Create(L1));
        r *= z;

        Vector512<float> square = Vector512.Create(0.5f) * f * f;
        Vector512<float> low = Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2Low), s * (square + r));
        Vector512<float> log = Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2High), f - (square - low));

        log = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512.Create(float.PositiveInfinity)), x, log);
        log = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), log, Vector512.Create(float.NaN));
        return Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<float>.Zero), Vector512.Create(float.NegativeInfinity), log);
    }

    /// <summary>tanh x; see <see cref="ScalarMath.Tanh(float)"/>.</summary>
    /// <param name="x">Any values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> a = Vector512.Abs(x);
        Vector512<float> z = x * x;
        Vector512<float> t = Vector512.FusedMultiplyAdd(Vector512.Create(T4), z, Vector512.Create(T3));
        t = Vector512.FusedMultiplyAdd(t, z, Vector512.Create(T2));
        t = Vector512.FusedMultiplyAdd(t, z, Vector512.Create(T1));
        t = Vector512.FusedMultiplyAdd(t, z, Vector512.Create(T0));
        Vector512<float> small = Vector512.FusedMultiplyAdd(t * z, x, x);
        Vector512<float> large = Vector512<float>.One - Vector512.Create(2f) / (Exp(a + a) + Vector512<float>.One);
        return Vector512.ConditionalSelect(Vector512.LessThan(a, Vector512.Create(TanhSplit)), small, CopySign(large, x));
    }

    /// <summary>The error function; see <see cref="ScalarMath.Erf(float)"/>.</summary>
    /// <param name="x">Any values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erf(Vector512<float> x)
    {
        Vector512<float> a = Vector512.Abs(x);
        Vector512<float> z = x * x;
        Vector512<float> s = Vector512.FusedMultiplyAdd(Vector512.Create(S6), z, Vector512.Create(S5));
        s = Vector512.FusedMultiplyAdd(s, z, Vector512.Create(S4));
        s = Vector512.FusedMultiplyAdd(s, z, Vector512.Create(S3));
        s = Vector512.FusedMultiplyAdd(s, z, Vector512.Create(S2));
        s = Vector512.FusedMultiplyAdd(s, z, Vector512.Create(S1));
        s = Vector512.FusedMultiplyAdd(s, z, Vector512.Create(S0));
        Vector512<float> small = Vector512.FusedMultiplyAdd(s, x, x);
        Vector512<float> max = Vector512.Create(ErfMax);
        Vector512<float> b = Vector512.ConditionalSelect(Vector512.GreaterThan(a, max), max, a);
        Vector512<float> c = Vector512.FusedMultiplyAdd(Vector512.Create(C6), b, Vector512.Create(C5));
        c = Vector512.FusedMultiplyAdd(c, b, Vector512.Create(C4));
        c = Vector512.FusedMultiplyAdd(c, b, Vector512.Create(C3));
        c = Vector512.FusedMultiplyAdd(c, b, Vector512.Create(C2));
        c = Vector512.FusedMultiplyAdd(c, b, Vector512.Create(C1));
        c = Vector512.FusedMultiplyAdd(c, b, Vector512.Create(C0));
        Vector512<float> large = Vector512<float>.One - Exp(-c);
        return Vector512.ConditionalSelect(Vector512.LessThan(a, Vector512.Create(ErfSplit)), small, CopySign(large, x));
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    /// <param name="x">Any values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x)
        => Vector512<float>.One / (Vector512<float>.One + Exp(-x));

    /// <summary>x · sigmoid(x), for finite x.</summary>
    /// <param name="x">Finite values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Silu(Vector512<float> x) => x / (Vector512<float>.One + Exp(-x));

    /// <summary>GELU in its tanh form, for finite x; see <see cref="ScalarMath.Gelu(float)"/>.</summary>
    /// <param name="x">Finite values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gelu(Vector512<float> x)
    {
        Vector512<float> slope = Vector512.FusedMultiplyAdd(x * x, Vector512.Create(GeluCubic), Vector512.Create(GeluLinear));
        return x / (Vector512<float>.One + Exp(-(x * slope)));
    }

    /// <summary>GELU itself, for finite x; see <see cref="ScalarMath.GeluErf(float)"/>.</summary>
    /// <param name="x">Finite values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GeluErf(Vector512<float> x)
    {
        Vector512<float> half = Vector512.Create(0.5f) * x;
        return Vector512.FusedMultiplyAdd(half, Erf(x * Vector512.Create(SqrtHalf)), half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<int> n)
        => Vector512.ShiftLeft(n + Vector512.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> CopySign(Vector512<float> magnitude, Vector512<float> sign)
        => magnitude | (sign & Vector512.Create(-0f));
}
