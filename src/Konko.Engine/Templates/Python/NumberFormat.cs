using System.Globalization;
using System.Numerics;
using System.Text;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>The presentation types that <c>%</c> and <c>str.format</c> share.</summary>
internal static class NumberFormat
{
    /// <summary>Digits of a number without sign, width or grouping, and whether it is negative.</summary>
    /// <param name="value">An integer, float or boolean.</param>
    /// <param name="type">One of d i u x X o b e E f F g G %.</param>
    /// <param name="precision">Digits asked for, or −1.</param>
    /// <exception cref="TemplateException">The value is not a number, or the type is none of these.</exception>
    public static (string Digits, bool Negative) Format(TemplateValue value, char type, int precision)
    {
        if (!Number.TryGet(value, out Number number))
            throw new TemplateException($"format '{type}' needs a number, not '{value.TypeName}'");
        switch (type)
        {
            case 'd' or 'i' or 'u':
                BigInteger whole = !number.IsFloat ? number.Integer
                    : double.IsFinite(number.Float) ? new BigInteger(number.Float)
                    : throw new TemplateException("a float that is not finite cannot be an integer");
                return (BigInteger.Abs(whole).ToString(CultureInfo.InvariantCulture).PadLeft(Math.Max(precision, 0), '0'), whole.Sign < 0);
            case 'x' or 'X' or 'o' or 'b' when !number.IsFloat:
                string digits = Radix(BigInteger.Abs(number.Integer), type == 'o' ? 8 : type == 'b' ? 2 : 16);
                return (type == 'X' ? Upper(digits) : digits, number.Integer.Sign < 0);
        }
        double magnitude = Math.Abs(number.Float);
        if (precision < 0) precision = 6;
        string text = type switch
        {
            'f' or 'F' => FloatText.Fixed(magnitude, precision),
            '%' => FloatText.Fixed(magnitude * 100, precision) + "%",
            'e' or 'E' => FloatText.Exponential(magnitude, precision),
            'g' or 'G' => General(magnitude, Math.Max(precision, 1)),
            _ => throw new TemplateException($"format '{type}' is not supported for '{value.TypeName}'"),
        };
        return (char.IsAsciiLetterUpper(type) ? Upper(text) : text, double.IsNegative(number.Float) && !double.IsNaN(number.Float));
    }

    private static string Upper(string ascii) => string.Create(ascii.Length, ascii, static (upper, text) => Ascii.ToUpper(text, upper, out _));

    private static string General(double value, int precision)
    {
        if (value == 0 || !double.IsFinite(value)) return value == 0 ? "0" : FloatText.Repr(value);
        string scientific = FloatText.Exponential(value, precision - 1);
        int e = scientific.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent < -4 || exponent >= precision
            ? WithoutZeros(scientific[..e]) + scientific[e..]
            : WithoutZeros(FloatText.Fixed(value, precision - 1 - exponent));
    }

    private static string WithoutZeros(string digits) => digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;

    private static string Radix(BigInteger value, int radix)
    {
        if (value.IsZero) return "0";
        var digits = new Stack<char>();
        for (; !value.IsZero; value /= radix) digits.Push("0123456789abcdef"[(int)(value % radix)]);
        return new string([.. digits]);
    }
}
