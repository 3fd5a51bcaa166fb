using System.Globalization;
using System.Numerics;

namespace Konko.Engine.Grammar.Schema;

/// <summary>A decimal number exactly: <see cref="Mantissa"/> · 10^<see cref="Exponent"/>, the mantissa without zeros at its end.</summary>
internal readonly record struct ExactNumber
{
    /// <summary>Digits before or after the point beyond which a number is refused: a double has fewer.</summary>
    private const int MostDigits = 400;

    private ExactNumber(BigInteger mantissa, int exponent)
    {
        Mantissa = mantissa;
        Exponent = exponent;
    }

    public BigInteger Mantissa { get; }

    public int Exponent { get; }

    public bool IsInteger => Exponent >= 0;

    /// <summary>Reads a number as JSON writes it.</summary>
    /// <exception cref="GrammarException">It has too many digits.</exception>
    public static ExactNumber Parse(string json, string location)
    {
        int e = json.AsSpan().IndexOfAny('e', 'E');
        ReadOnlySpan<char> head = e < 0 ? json : json.AsSpan(0, e);
        int exponent = 0;
        if (head.Length > MostDigits || e >= 0 && !int.TryParse(json.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) throw TooLong(location);
        int point = head.IndexOf('.');
        if (point >= 0) exponent -= head.Length - point - 1;
        string digits = point < 0 ? head.ToString() : string.Concat(head[..point], head[(point + 1)..]);
        var mantissa = BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (mantissa.IsZero) return default;
        while (true)
        {
            (BigInteger quotient, BigInteger rest) = BigInteger.DivRem(mantissa, 10);
            if (!rest.IsZero) break;
            mantissa = quotient;
            exponent++;
        }

        return exponent is > MostDigits or < -MostDigits ? throw TooLong(location) : new ExactNumber(mantissa, exponent);
    }

    /// <summary>The digits before the point of its absolute value; "0" where there are none.</summary>
    public string WholeDigits()
    {
        string digits = BigInteger.Abs(Mantissa).ToString(CultureInfo.InvariantCulture);
        if (Exponent >= 0) return Mantissa.IsZero ? "0" : digits + new string('0', Exponent);
        return digits.Length > -Exponent ? digits[..(digits.Length + Exponent)] : "0";
    }

    /// <summary>The digits after the point, without zeros at the end.</summary>
    public string FractionDigits()
    {
        if (Exponent >= 0) return "";
        string digits = BigInteger.Abs(Mantissa).ToString(CultureInfo.InvariantCulture).PadLeft(-Exponent, '0');
        return digits[(digits.Length + Exponent)..];
    }

    /// <summary>Its one spelling without an exponent and without a zero too many.</summary>
    public override string ToString()
    {
        string fraction = FractionDigits();
        return (Mantissa.Sign < 0 ? "-" : "") + WholeDigits() + (fraction.Length == 0 ? "" : "." + fraction);
    }

    private static GrammarException TooLong(string location) => GrammarException.TooLarge(location, $"the number has more than {MostDigits} digits");
}
