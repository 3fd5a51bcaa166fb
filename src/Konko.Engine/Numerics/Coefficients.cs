namespace Konko.Engine.Numerics;

/// <summary>
/// Constants of the single-precision functions, shared by <see cref="ScalarMath"/> and <see cref="VectorMath"/> so
/// that a scalar tail equals a vector lane bit for bit. The polynomials are minimax fits with coefficients rounded
/// to float one after the other, the rest refitted each time. Changing one changes the arithmetic version.
/// </summary>
internal static class Coefficients
{
    /// <summary>1 / ln 2.</summary>
    public const float Log2E = 1.44269504f;

    /// <summary>ln 2 rounded to float; n times it, subtracted by a fused step, is exact for the n of <c>Exp</c>.</summary>
    public const float Ln2High = 0.693147182f;

    /// <summary>What <see cref="Ln2High"/> lacks.</summary>
    public const float Ln2Low = -1.90465430e-9f;

    /// <summary>1.5 · 2²³: added, it rounds to an integer (ties to even) and leaves it in the low bits.</summary>
    public const float RoundingMagic = 12582912f;

    /// <summary>Below it exp is exactly 0; above <see cref="ExpMax"/> it is +∞.</summary>
    public const float ExpMin = -105f;

    /// <summary>See <see cref="ExpMin"/>.</summary>
    public const float ExpMax = 89f;

    // exp r = 1 + r + r² · (E0 + E1 r + …) for |r| ≤ ½ ln 2, relative error 2⁻²⁸.
    public const float E0 = 0.49999994f;
    public const float E1 = 0.166665152f;
    public const float E2 = 0.0416680835f;
    public const float E3 = 0.00836934801f;
    public const float E4 = 0.00138403627f;

    // tanh x = x + x³ · (T0 + T1 x² + …) for |x| < TanhSplit, relative error 2⁻²⁷.
    public const float TanhSplit = 0.625f;
    public const float T0 = -0.333332837f;
    public const float T1 = 0.133314833f;
    public const float T2 = -0.0537427738f;
    public const float T3 = 0.0206480622f;
    public const float T4 = -0.00571406353f;

    // erf x = x + x · (S0 + S1 x² + …) for |x| < 1, relative error 2⁻²⁹.
    public const float ErfSplit = 1f;
    public const float S0 = 0.128379166f;
    public const float S1 = -0.376126289f;
    public const float S2 = 0.112836182f;
    public const float S3 = -0.026855126f;
    public const float S4 = 0.00519073335f;
    public const float S5 = -0.000803075032f;
    public const float S6 = 7.92030332e-05f;

    // erf x = 1 − exp(−(C0 + C1 x + …)) for 1 ≤ x ≤ ErfMax, relative error 2⁻²⁹; beyond ErfMax it rounds to 1.
    public const float ErfMax = 4f;
    public const float C0 = 0.000341576204f;
    public const float C1 = 1.12708902f;
    public const float C2 = 0.63814503f;
    public const float C3 = 0.10310664f;
    public const float C4 = -0.021838028f;
    public const float C5 = 0.00294765178f;
    public const float C6 = -0.000186378573f;

    // ln((1 + s) / (1 − s)) = 2 s + s · (L1 s² + L2 s⁴ + …), the series itself: s² ≤ 0.0295.
    public const float L1 = 2f / 3;
    public const float L2 = 2f / 5;
    public const float L3 = 2f / 7;
    public const float L4 = 2f / 9;
    public const float L5 = 2f / 11;

    /// <summary>Bits of √½: a mantissa at or above it belongs to the lower of two neighbouring powers.</summary>
    public const int SqrtHalfBits = 0x3F3504F3;

    /// <summary>The tanh form of GELU is x · sigmoid(x · (<see cref="GeluLinear"/> + <see cref="GeluCubic"/> x²)): 2 √(2/π).</summary>
    public const float GeluLinear = 1.59576912f;

    /// <summary>2 √(2/π) · 0.044715.</summary>
    public const float GeluCubic = 0.0713548163f;

    /// <summary>√½.</summary>
    public const float SqrtHalf = 0.707106781f;
}
