namespace Konko.Engine.Numerics;

// The series are the functions' own Taylor series, long enough for their reduced ranges: nothing here is hot.
public static partial class ScalarMath
{
    private const double Log2EDouble = 1.4426950408889634;

    /// <summary>ln 2 = high + low, the high part with 20 zero bits at its end so that a multiple of it is exact.</summary>
    private const double Ln2HighDouble = 0.69314718048553914;
    private const double Ln2LowDouble = 7.440617110012397e-11;

    /// <summary>1.5 · 2⁵²: added, it rounds to an integer, ties to even.</summary>
    private const double RoundingMagicDouble = 6755399441055744;

    /// <summary>π/2 as a sum of three doubles.</summary>
    private const double HalfPi1 = 1.5707963267948966;
    private const double HalfPi2 = 6.123233995736766e-17;
    private const double HalfPi3 = -1.4973849048591698e-33;

    /// <summary>eˣ within 1 ulp; exactly 1 at 0, 0 below −746, +∞ above 709.79; NaN stays NaN.</summary>
    /// <param name="x">Any value.</param>
    public static double Exp(double x) => Exp(x, 0);

    /// <summary>ln x within 1 ulp; −∞ at 0, NaN below.</summary>
    /// <param name="x">Any value.</param>
    public static double Log(double x)
    {
        (double high, double low) = LogWithTail(x);
        return double.IsFinite(high) ? high + low : high;
    }

    /// <summary>xʸ within 1 ulp for x ≥ 0 (NaN below 0): x⁰ = 1; 0 to a negative power is +∞.</summary>
    /// <param name="x">The base, not negative.</param>
    /// <param name="y">The exponent.</param>
    public static double Pow(double x, double y)
    {
        if (y == 0) return 1;
        (double high, double low) = LogWithTail(x);
        double product = high * y;
        if (!double.IsFinite(product)) return Exp(product);
        return Exp(product, Math.FusedMultiplyAdd(high, y, -product) + low * y);
    }

    /// <summary>sin x within 1 ulp, for |x| ≤ 2³⁰.</summary>
    /// <param name="x">Radians.</param>
    public static double Sin(double x)
    {
        (double r, double tail, long quadrant) = ReduceByHalfPi(x);
        double value = (quadrant & 1) == 0 ? SinKernel(r, tail) : CosKernel(r, tail);
        return (quadrant & 2) == 0 ? value : -value;
    }

    /// <summary>cos x within 1 ulp, for |x| ≤ 2³⁰.</summary>
    /// <param name="x">Radians.</param>
    public static double Cos(double x)
    {
        (double r, double tail, long quadrant) = ReduceByHalfPi(x);
        double value = (quadrant & 1) == 0 ? CosKernel(r, tail) : SinKernel(r, tail);
        return ((quadrant + 1) & 2) == 0 ? value : -value;
    }

    /// <summary>e to the power x + tail, where the tail is far below an ulp of 1.</summary>
    private static double Exp(double x, double tail)
    {
        if (double.IsNaN(x)) return x;
        if (x > 710) return double.PositiveInfinity;
        if (x < -746) return 0;
        double n = Math.FusedMultiplyAdd(x, Log2EDouble, RoundingMagicDouble) - RoundingMagicDouble;
        double exact = Math.FusedMultiplyAdd(n, -Ln2HighDouble, x);
        double rest = Math.FusedMultiplyAdd(n, -Ln2LowDouble, tail);
        double r = exact + rest;
        double lost = exact - r + rest;

        double q = 1.0 / 87178291200;
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 6227020800);
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 479001600);
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 39916800);
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 3628800);
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 362880);
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 40320);
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 5040);
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 720);
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 120);
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 24);
        q = Math.FusedMultiplyAdd(q, r, 1.0 / 6);
        q = Math.FusedMultiplyAdd(q, r, 0.5);
        double p = 1 + (r + Math.FusedMultiplyAdd(r * r, q, Math.FusedMultiplyAdd(lost, r, lost)));

        int whole = (int)n;
        int half = whole >> 1;
        return p * PowerOfTwoDouble(half) * PowerOfTwoDouble(whole - half);
    }

    /// <summary>ln x as a sum of two doubles, about 2⁻⁶³ of the logarithm apart from the truth.</summary>
    private static (double High, double Low) LogWithTail(double x)
    {
        if (!(x > 0)) return (x == 0 ? double.NegativeInfinity : double.NaN, 0);
        if (x == double.PositiveInfinity) return (x, 0);
        bool subnormal = x < 2.2250738585072014e-308;
        long bits = BitConverter.DoubleToInt64Bits(subnormal ? x * 4503599627370496 : x);
        long exponent = (bits - 0x3FE6A09E667F3BCD) >> 52;
        double m = BitConverter.Int64BitsToDouble(bits - (exponent << 52));
        double e = exponent - (subnormal ? 52 : 0);

        // s = (m − 1) / (m + 1) with its remainder; ln m = 2 s + 2/3 s³ + 2/5 s⁵ + …
        double f = m - 1;
        (double divisor, double divisorTail) = TwoSum(m, 1);
        double s = f / divisor;
        double sTail = (Math.FusedMultiplyAdd(-s, divisor, f) - s * divisorTail) / divisor;
        double z = s * s;
        double zTail = Math.FusedMultiplyAdd(s, s, -z) + 2 * s * sTail;

        double t = 2.0 / 25;
        t = Math.FusedMultiplyAdd(t, z, 2.0 / 23);
        t = Math.FusedMultiplyAdd(t, z, 2.0 / 21);
        t = Math.FusedMultiplyAdd(t, z, 2.0 / 19);
        t = Math.FusedMultiplyAdd(t, z, 2.0 / 17);
        t = Math.FusedMultiplyAdd(t, z, 2.0 / 15);
        t = Math.FusedMultiplyAdd(t, z, 2.0 / 13);
        t = Math.FusedMultiplyAdd(t, z, 2.0 / 11);
        t = Math.FusedMultiplyAdd(t, z, 2.0 / 9);
        t = Math.FusedMultiplyAdd(t, z, 2.0 / 7);
        t = Math.FusedMultiplyAdd(t, z, 2.0 / 5);

        // The first term is up to a hundredth of the sum, so that it needs a tail of its own.
        const double TwoThirds = 2.0 / 3;
        const double TwoThirdsTail = 3.700743415417188e-17;
        double cubic = TwoThirds * z;
        double cubicTail = Math.FusedMultiplyAdd(TwoThirds, z, -cubic) + TwoThirds * zTail + TwoThirdsTail * z + t * z * z;
        double term = s * cubic;
        double termTail = Math.FusedMultiplyAdd(s, cubic, -term) + s * cubicTail + sTail * cubic;

        double high = e * Ln2HighDouble;
        (high, double low) = TwoSum(high, 2 * s);
        (high, double low2) = TwoSum(high, term);
        low += low2 + Math.FusedMultiplyAdd(e, Ln2LowDouble, 2 * sTail + termTail);
        double sum = high + low;
        return (sum, high - sum + low);
    }

    /// <summary>x = quadrant · π/2 + value + tail, with |value| at most about π/4.</summary>
    private static (double Value, double Tail, long Quadrant) ReduceByHalfPi(double x)
    {
        double n = Math.FusedMultiplyAdd(x, 0.6366197723675814, RoundingMagicDouble) - RoundingMagicDouble;

        // Exact: the difference is a multiple of the first part's last bit and below 1.
        double first = Math.FusedMultiplyAdd(n, -HalfPi1, x);
        double second = n * HalfPi2;
        double secondTail = Math.FusedMultiplyAdd(n, HalfPi2, -second);
        (double value, double tail) = TwoSum(first, -second);
        tail -= secondTail + n * HalfPi3;
        return (value, tail, (long)n);
    }

    private static double SinKernel(double r, double tail)
    {
        double z = r * r;
        double s = 1.0 / 355687428096000;
        s = Math.FusedMultiplyAdd(s, z, -1.0 / 1307674368000);
        s = Math.FusedMultiplyAdd(s, z, 1.0 / 6227020800);
        s = Math.FusedMultiplyAdd(s, z, -1.0 / 39916800);
        s = Math.FusedMultiplyAdd(s, z, 1.0 / 362880);
        s = Math.FusedMultiplyAdd(s, z, -1.0 / 5040);
        s = Math.FusedMultiplyAdd(s, z, 1.0 / 120);
        s = Math.FusedMultiplyAdd(s, z, -1.0 / 6);
        return r + Math.FusedMultiplyAdd(s * z, r, Math.FusedMultiplyAdd(-0.5 * z, tail, tail));
    }

    private static double CosKernel(double r, double tail)
    {
        double z = r * r;
        double c = -1.0 / 6402373705728000;
        c = Math.FusedMultiplyAdd(c, z, 1.0 / 20922789888000);
        c = Math.FusedMultiplyAdd(c, z, -1.0 / 87178291200);
        c = Math.FusedMultiplyAdd(c, z, 1.0 / 479001600);
        c = Math.FusedMultiplyAdd(c, z, -1.0 / 3628800);
        c = Math.FusedMultiplyAdd(c, z, 1.0 / 40320);
        c = Math.FusedMultiplyAdd(c, z, -1.0 / 720);
        c = Math.FusedMultiplyAdd(c, z, 1.0 / 24);

        // 1 − z/2 with what its rounding loses, since it is the large part.
        double half = 0.5 * z;
        double head = 1 - half;
        double lost = 1 - head - half - 0.5 * Math.FusedMultiplyAdd(r, r, -z);
        return head + Math.FusedMultiplyAdd(c * z, z, lost - r * tail);
    }

    private static (double Sum, double Error) TwoSum(double a, double b)
    {
        double sum = a + b;
        double t = sum - a;
        return (sum, a - (sum - t) + (b - t));
    }

    private static double PowerOfTwoDouble(int n) => BitConverter.Int64BitsToDouble((long)(n + 1023) << 52);
}
