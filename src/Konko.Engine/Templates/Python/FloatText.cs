using System.Globalization;
using System.Numerics;
using System.Text;

namespace Konko.Engine.Templates.Python;

/// <summary>Numbers as text, digit for digit as Python writes them.</summary>
internal static class FloatText
{
    /// <summary>The shortest text that reads back as the same number: <c>1.0</c>, <c>1e+16</c>, <c>nan</c>.</summary>
    public static string Repr(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        string sign = double.IsNegative(value) ? "-" : "";
        (string digits, int exponent) = Digits(Math.Abs(value));
        return sign + (exponent is < -4 or >= 16 ? Scientific(digits, exponent) : Plain(digits, exponent));
    }

    /// <summary>The number with a given count of decimals, the exact value rounded half to even.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value)) return Repr(value);
        // value = mantissa · 2^exponent exactly, so the decimals can be rounded without error.
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = bits & 0xFFFFFFFFFFFFF;
        if (exponent == 0) exponent = 1;
        else mantissa += BigInteger.One << 52;
        exponent -= 1075;
        BigInteger scaled = mantissa * BigInteger.Pow(10, decimals);
        BigInteger rounded = exponent >= 0 ? scaled << exponent : DivideHalfToEven(scaled, BigInteger.One << -exponent);
        string digits = rounded.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        string sign = double.IsNegative(value) ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>The number in scientific notation with a given count of decimals.</summary>
    public static string Exponential(double value, int decimals)
    {
        if (!double.IsFinite(value)) return Repr(value);
        string text = value.ToString("e" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int e = text.IndexOf('e', StringComparison.Ordinal);
        string power = text[(e + 2)..].TrimStart('0').PadLeft(2, '0');
        return text[..(e + 2)] + power;
    }

    /// <summary>Python's <c>round</c>: the nearest number with that many decimals, half to even.</summary>
    public static double Round(double value, int decimals)
    {
        if (!double.IsFinite(value) || decimals > 330) return value;
        if (decimals >= 0) return double.Parse(Fixed(value, decimals), CultureInfo.InvariantCulture);
        if (decimals < -330) return double.IsNegative(value) ? -0.0 : 0.0;
        var whole = new BigInteger(Math.Truncate(value));
        bool exact = Math.Truncate(value) == value;
        BigInteger unit = BigInteger.Pow(10, -decimals);
        // A fraction only matters for a tie, which it breaks away from zero.
        BigInteger doubled = (whole * 2) + (exact ? 0 : Math.Sign(value));
        return (double)(DivideHalfToEven(doubled, unit * 2) * unit);
    }

    /// <summary>An integer quotient rounded half to even.</summary>
    public static BigInteger DivideHalfToEven(BigInteger dividend, BigInteger divisor)
    {
        BigInteger quotient = BigInteger.DivRem(BigInteger.Abs(dividend), divisor, out BigInteger remainder);
        int half = (remainder * 2).CompareTo(divisor);
        if (half > 0 || (half == 0 && !quotient.IsEven)) quotient += 1;
        return dividend.Sign < 0 ? -quotient : quotient;
    }

    /// <summary>The shortest digits d₁d₂… and the exponent of d₁.d₂… for a finite number that is not negative.</summary>
    private static (string Digits, int Exponent) Digits(double value)
    {
        if (value == 0) return ("0", 0);
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = 0;
        int e = text.IndexOf('E', StringComparison.Ordinal);
        if (e >= 0)
        {
            exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }
        int point = text.IndexOf('.', StringComparison.Ordinal);
        string digits = point < 0 ? text : text.Remove(point, 1);
        exponent += (point < 0 ? text.Length : point) - 1;
        int zeros = digits.AsSpan().IndexOfAnyExcept('0');
        return (digits[zeros..].TrimEnd('0'), exponent - zeros);
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0) return "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1) return digits.PadRight(exponent + 1, '0') + ".0";
        return digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    private static string Scientific(string digits, int exponent)
    {
        var text = new StringBuilder().Append(digits[0]);
        if (digits.Length > 1) text.Append('.').Append(digits, 1, digits.Length - 1);
        text.Append(exponent < 0 ? "e-" : "e+");
        return text.Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }
}
