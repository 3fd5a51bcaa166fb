namespace Konko.Engine.Tests.Numerics;

/// <summary>Floats of every kind: the special ones, and bit patterns at even distances.</summary>
internal static class FloatSamples
{
    private static readonly float[] Special =
    [
        0f, -0f, 1f, -1f, 0.5f, 2f, float.Epsilon, -float.Epsilon, 1.17549435e-38f, 1.17549421e-38f, float.MaxValue,
        float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 88.72283f, 88.72284f, 89f, 90f,
        -87.33654f, -87.4f, -103.97207f, -103.97208f, -104f, -105f, -106f, 0.625f, 0.62499994f, 1.0000001f, 4f, 4.0000005f,
        0.70710677f, 0.7071068f, 8388608f, 0.34657359f, -0.34657359f,
    ];

    /// <summary>A multiple of 16 samples.</summary>
    /// <param name="stride">Distance of neighbouring bit patterns.</param>
    public static float[] All(uint stride)
    {
        var samples = new List<float>(Special);
        for (ulong bits = 0; bits <= uint.MaxValue; bits += stride) samples.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        while (samples.Count % 16 != 0) samples.Add(samples.Count);
        return [.. samples];
    }

    /// <summary>How far a result is from the truth, in units of the truth's last place.</summary>
    /// <param name="actual">The result.</param>
    /// <param name="exact">The truth.</param>
    public static double Ulps(float actual, double exact)
    {
        float rounded = (float)exact;
        if (float.IsNaN(rounded) || float.IsInfinity(rounded)) return rounded.Equals(actual) ? 0 : double.PositiveInfinity;
        double ulp = Math.Max(MathF.BitIncrement(MathF.Abs(rounded)) - (double)MathF.Abs(rounded), float.Epsilon);
        return Math.Abs(actual - exact) / ulp;
    }

    /// <summary>The same for doubles.</summary>
    /// <param name="actual">The result.</param>
    /// <param name="exact">The truth.</param>
    public static double Ulps(double actual, double exact)
    {
        if (actual.Equals(exact)) return 0;
        return Math.Abs(actual - exact) / (Math.BitIncrement(Math.Abs(exact)) - Math.Abs(exact));
    }
}
