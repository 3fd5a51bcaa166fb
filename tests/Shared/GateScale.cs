using System.Globalization;

namespace Konko.Tests;

/// <summary>
/// How much of a gate a test run does. Everyday runs and CI do a reduced, seeded part; <c>bench/gates</c> sets the
/// environment variable <c>KONKO_GATES</c> to <c>whole</c> for the full counts, or to a number that multiplies the reduced ones.
/// </summary>
internal static class GateScale
{
    /// <summary>The environment variable that is read: absent, <c>whole</c>, or a positive number.</summary>
    public const string Variable = "KONKO_GATES";

    /// <summary>The count to use: <paramref name="reduced"/> every day, <paramref name="whole"/> for the whole gate.</summary>
    public static int Of(int reduced, int whole) => Of(Environment.GetEnvironmentVariable(Variable), reduced, whole);

    /// <summary>The count that a value of the environment variable asks for; a multiple never exceeds the whole.</summary>
    /// <exception cref="FormatException">The value is neither <c>whole</c> nor a positive number.</exception>
    public static int Of(string? setting, int reduced, int whole)
    {
        if (string.IsNullOrEmpty(setting)) return reduced;
        if (string.Equals(setting, "whole", StringComparison.OrdinalIgnoreCase)) return whole;
        if (!double.TryParse(setting, NumberStyles.Float, CultureInfo.InvariantCulture, out double factor) || !(factor > 0))
            throw new FormatException($"{Variable} must be 'whole' or a positive number, not '{setting}'.");
        return (int)Math.Min(whole, Math.Ceiling(reduced * factor));
    }
}
