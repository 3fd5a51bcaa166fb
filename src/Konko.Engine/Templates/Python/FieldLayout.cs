using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>How a formatted field is padded and signed.</summary>
/// <param name="Fill">What it is padded with, one character.</param>
/// <param name="Align">&lt; left, &gt; right, ^ centre, = between sign and digits.</param>
/// <param name="Sign">- for negative numbers only, + for all, a space for a space before others.</param>
/// <param name="Width">Least width in characters.</param>
/// <param name="Precision">Digits of a number, or most characters of a text; −1 where not given.</param>
/// <param name="Grouping">The separator of thousands, or NUL.</param>
internal sealed record FieldLayout(StringValue Fill, char Align, char Sign, int Width, int Precision, char Grouping)
{
    private const int MaxNumber = 1000;

    /// <summary>Reads a width or precision and moves past it.</summary>
    /// <exception cref="TemplateException">It is unreasonably large.</exception>
    public static int ReadNumber(string text, ref int at, int missing)
    {
        int start = at;
        int number = 0;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            number = (number * 10) + (text[at] - '0');
            if (number > MaxNumber) throw new TemplateException($"a format's width or precision is over {MaxNumber}");
        }
        return at == start ? missing : number;
    }

    /// <summary>Appends a text, cut to the precision and padded.</summary>
    public void AppendText(TextBuilder builder, StringValue text, char align, StringValue fill)
    {
        int length = Sequences.CodePoints(text.Text);
        int units = text.Length;
        if (Precision >= 0 && Precision < length)
        {
            int[]? starts = Sequences.Starts(text.Text);
            units = starts is null ? Precision : starts[Precision];
            length = Precision;
        }
        int padding = Math.Max(Width - length, 0);
        int before = align == '>' ? padding : align == '^' ? padding / 2 : 0;
        for (int i = 0; i < before; i++) builder.Append(fill);
        builder.Append(text, 0, units);
        for (int i = before; i < padding; i++) builder.Append(fill);
    }

    /// <summary>Appends a number's digits with sign, grouping and padding.</summary>
    public void AppendNumber(TextBuilder builder, string digits, bool negative, bool trusted)
    {
        string sign = negative ? "-" : Sign == '-' ? "" : Sign.ToString();
        if (Grouping != '\0') digits = Grouped(digits);
        if (Align != '=')
        {
            (this with { Precision = -1 }).AppendText(builder, new StringValue(sign + digits, trusted), Align, Fill);
            return;
        }
        builder.Append(sign, trusted);
        for (int i = sign.Length + digits.Length; i < Width; i++) builder.Append(Fill);
        builder.Append(digits, trusted);
    }

    private string Grouped(string digits)
    {
        int whole = digits.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (whole < 0) whole = digits.Length;
        for (int i = whole - 3; i > 0; i -= 3) digits = digits.Insert(i, Grouping.ToString());
        return digits;
    }
}
