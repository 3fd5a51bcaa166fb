using System.Globalization;
using System.Text;

namespace Konko.Engine.Templates.Python;

/// <summary>Python's <c>strftime</c> in the C locale.</summary>
internal static class TimeText
{
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ];

    /// <summary>A time as the format has it; unknown directives stay as they are.</summary>
    public static string Format(DateTimeOffset time, string format)
    {
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            bool unpadded = format[i + 1] == '-' && i + 2 < format.Length;
            char directive = format[unpadded ? i + 2 : i + 1];
            string? field = Field(time, directive);
            if (field is null) text.Append('%').Append(unpadded ? "-" : "").Append(directive);
            else text.Append(unpadded ? Unpad(field) : field);
            i += unpadded ? 2 : 1;
        }
        return text.ToString();
    }

    private static string? Field(DateTimeOffset time, char directive) => directive switch
    {
        'a' => Days[(int)time.DayOfWeek][..3],
        'A' => Days[(int)time.DayOfWeek],
        'b' or 'h' => Months[time.Month - 1][..3],
        'B' => Months[time.Month - 1],
        'c' => Format(time, "%a %b %e %H:%M:%S %Y"),
        'C' => Pad(time.Year / 100),
        'd' => Pad(time.Day),
        'D' or 'x' => Format(time, "%m/%d/%y"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'f' => ((time.Ticks / 10) % 1_000_000).ToString("000000", CultureInfo.InvariantCulture),
        'F' => Format(time, "%Y-%m-%d"),
        'G' => ISOWeek.GetYear(time.DateTime).ToString(CultureInfo.InvariantCulture),
        'H' => Pad(time.Hour),
        'I' => Pad(((time.Hour + 11) % 12) + 1),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'm' => Pad(time.Month),
        'M' => Pad(time.Minute),
        'n' => "\n",
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'r' => Format(time, "%I:%M:%S %p"),
        'R' => Format(time, "%H:%M"),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'S' => Pad(time.Second),
        't' => "\t",
        'T' or 'X' => Format(time, "%H:%M:%S"),
        'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
        'U' => Pad((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7),
        'V' => Pad(ISOWeek.GetWeekOfYear(time.DateTime)),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'W' => Pad((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7),
        'y' => Pad(time.Year % 100),
        'Y' => time.Year.ToString(CultureInfo.InvariantCulture),
        // Python's naive local time has no zone.
        'z' or 'Z' => "",
        '%' => "%",
        _ => null,
    };

    private static string Pad(int number) => number.ToString("00", CultureInfo.InvariantCulture);

    private static string Unpad(string field)
    {
        string digits = field.TrimStart('0', ' ');
        return digits.Length == 0 ? "0" : digits;
    }
}
