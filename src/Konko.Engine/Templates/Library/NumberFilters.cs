using System.Globalization;
using System.Numerics;
using System.Text;
using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>Filters that make numbers.</summary>
internal static class NumberFilters
{
    /// <summary>The filters by name.</summary>
    public static readonly Dictionary<string, Filter> Table = new()
    {
        ["int"] = Int,
        ["float"] = Float,
        ["abs"] = Abs,
        ["round"] = Round,
    };

    private static TemplateValue Int(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("int", "default", "base");
        if (value is UndefinedValue undefined) throw undefined.Failure();
        TemplateValue missing = bound[0] ?? IntegerValue.Of(0);
        long radix = Take.Integer(bound[1], "base", 10);
        if (value is StringValue text)
        {
            if (TryInteger(text, (int)radix, out BigInteger integer)) return new IntegerValue(integer, text.IsTrusted);
            return TryFloat(text, out double parsed) && double.IsFinite(parsed) ? new IntegerValue(new BigInteger(parsed), text.IsTrusted) : missing;
        }
        if (!Number.TryGet(value, out Number number)) return missing;
        if (!number.IsFloat) return new IntegerValue(number.Integer, number.Trusted);
        return double.IsFinite(number.Float) ? new IntegerValue(new BigInteger(number.Float), number.Trusted) : missing;
    }

    private static TemplateValue Float(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue missing = arguments.Bind("float", "default")[0] ?? new FloatValue(0, trusted: true);
        if (value is UndefinedValue undefined) throw undefined.Failure();
        if (value is StringValue text) return TryFloat(text, out double parsed) ? new FloatValue(parsed, text.IsTrusted) : missing;
        return Number.TryGet(value, out Number number) ? new FloatValue(number.Float, number.Trusted) : missing;
    }

    private static TemplateValue Abs(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.BindNone("abs");
        if (!Number.TryGet(value, out Number number)) throw new TemplateException($"abs needs a number, not '{value.TypeName}'");
        return number.IsFloat ? new FloatValue(Math.Abs(number.Float), number.Trusted) : new IntegerValue(BigInteger.Abs(number.Integer), number.Trusted);
    }

    private static TemplateValue Round(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("round", "precision", "method");
        int precision = (int)Math.Clamp(Take.Integer(bound[0], "precision", 0), -400, 400);
        string method = bound[1] is null ? "common" : Take.Text(bound[1], "method").Text;
        if (!Number.TryGet(value, out Number number)) throw new TemplateException($"round needs a number, not '{value.TypeName}'");
        if (method == "common")
        {
            if (number.IsFloat) return new FloatValue(FloatText.Round(number.Float, precision), number.Trusted);
            if (precision >= 0) return new IntegerValue(number.Integer, number.Trusted);
            BigInteger unit = BigInteger.Pow(10, -precision);
            return new IntegerValue(FloatText.DivideHalfToEven(number.Integer, unit) * unit, number.Trusted);
        }
        if (method is not ("ceil" or "floor")) throw new TemplateException("the method of round is common, ceil or floor");
        TemplateValue scale = Arithmetic.Power(IntegerValue.Of(10), IntegerValue.Of(precision));
        Number.TryGet(Arithmetic.Multiply(context, value, scale), out Number scaled);
        if (scaled.IsFloat && !double.IsFinite(scaled.Float)) throw new TemplateException("round needs a finite number");
        BigInteger whole = !scaled.IsFloat ? scaled.Integer : new BigInteger(method == "ceil" ? Math.Ceiling(scaled.Float) : Math.Floor(scaled.Float));
        return Arithmetic.Divide(new IntegerValue(whole, number.Trusted), scale);
    }

    private static bool TryInteger(StringValue value, int radix, out BigInteger integer)
    {
        integer = default;
        ReadOnlySpan<char> digits = Strings.Strip(value, null, left: true, right: true).Text;
        bool negative = digits.StartsWith("-");
        if (negative || digits.StartsWith("+")) digits = digits[1..];
        int prefix = digits.Length > 2 && digits[0] == '0' ? (digits[1] | 0x20) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (prefix != 0 && (radix == prefix || radix == 0))
        {
            radix = prefix;
            digits = digits[2..];
            if (digits[0] == '_') digits = digits[1..];
        }
        if (radix == 0) radix = 10;
        if (radix is < 2 or > 36 || digits.IsEmpty || digits.Length > TemplateLimits.IntegerDigits) return false;
        bool lastWasDigit = false;
        foreach (char unit in digits)
        {
            int digit = char.IsAsciiDigit(unit) ? unit - '0' : char.IsAsciiLetter(unit) ? (unit | 0x20) - 'a' + 10 : 99;
            if (unit == '_' && lastWasDigit)
            {
                lastWasDigit = false;
                continue;
            }
            if (digit >= radix) return false;
            integer = (integer * radix) + digit;
            lastWasDigit = true;
        }
        if (negative) integer = -integer;
        return lastWasDigit;
    }

    private static bool TryFloat(StringValue value, out double number)
    {
        string text = Strings.Strip(value, null, left: true, right: true).Text;
        string word = text.TrimStart('+', '-');
        if (text.Length - word.Length <= 1 && (Ascii.EqualsIgnoreCase(word, "inf") || Ascii.EqualsIgnoreCase(word, "infinity") || Ascii.EqualsIgnoreCase(word, "nan")))
        {
            number = word[0] is 'n' or 'N' ? double.NaN : text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        number = 0;
        return text.Length <= TemplateLimits.IntegerDigits && text.Length > 0 && char.IsAsciiLetterOrDigit(text[^1]) | text[^1] == '.'
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
            && char.IsAsciiDigit(word[0]) | word[0] == '.';
    }
}
