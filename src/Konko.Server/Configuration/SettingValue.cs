using System.Globalization;
using System.Text.Json;

namespace Konko.Server.Configuration;

/// <summary>A setting's value as somebody wrote it, and where.</summary>
/// <param name="setting">The setting.</param>
/// <param name="origin">The flag, the variable, or the file and its key.</param>
/// <param name="texts">The values as text; one unless the setting is a list.</param>
/// <param name="json">The JSON that was written, where it came from a file.</param>
/// <param name="directory">What relative paths start from; null is the current directory.</param>
/// <param name="errors">Where wrong values are reported.</param>
internal sealed class SettingValue(
    Setting setting, string origin, IReadOnlyList<string> texts, JsonElement? json, string? directory, List<SettingError> errors)
{
    public string Origin => origin;

    public IReadOnlyList<string> Texts => texts;

    public JsonElement? Json => json;

    public string Text => texts[0];

    public void Fail(string message) => errors.Add(new SettingError(setting.Name, origin, message));

    public string PathOf(string path) => directory is null ? path : Path.Combine(directory, path);

    public int? Integer(int least, int most)
    {
        if (int.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
        {
            return value;
        }

        Fail(most == int.MaxValue ? $"must be a whole number of at least {least}, not '{Text}'." : $"must be a whole number from {least} to {most}, not '{Text}'.");
        return null;
    }

    public TimeSpan? Seconds()
    {
        const double most = 24 * 60 * 60;
        if (double.TryParse(Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value <= most)
        {
            return TimeSpan.FromSeconds(value);
        }

        Fail($"must be a number of seconds from 0 to {most:0}, not '{Text}'.");
        return null;
    }

    /// <summary>A time: seconds, or a number with s, m, h or d; <c>off</c> is for ever.</summary>
    public TimeSpan? Duration(string text)
    {
        string number = text.Trim().ToLowerInvariant();
        if (number is "off" or "never") return Timeout.InfiniteTimeSpan;
        double unit = number.Length == 0 ? 0 : number[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (unit > 0) number = number[..^1];
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * Math.Max(unit, 1) is >= 1 and <= 30 * 86400)
        {
            return TimeSpan.FromSeconds(value * Math.Max(unit, 1));
        }

        Fail($"must be a time from 1s to 30d, such as 90s, 10m or 2h, or off; not '{text}'.");
        return null;
    }

    public ModelLoad? Load(string text)
    {
        switch (text.ToLowerInvariant())
        {
            case "start": return ModelLoad.Start;
            case "demand": return ModelLoad.Demand;
            default:
                Fail($"must be start or demand, not '{text}'.");
                return null;
        }
    }

    public bool? Switch()
    {
        switch (Text.ToLowerInvariant())
        {
            case "true" or "1" or "yes" or "on": return true;
            case "false" or "0" or "no" or "off": return false;
            default:
                Fail($"must be true or false, not '{Text}'.");
                return null;
        }
    }

    /// <summary>A number of bytes: plain, or with K, M, G, T, alone or followed by B or iB; all are powers of 1024.</summary>
    public long? Bytes(long least)
    {
        string number = Text.Trim();
        if (number.EndsWith('b') || number.EndsWith('B')) number = number[..^1];
        if (number.EndsWith('i')) number = number[..^1];
        int shift = number.Length == 0 ? 0 : char.ToUpperInvariant(number[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        if (shift > 0) number = number[..^1];
        if (decimal.TryParse(number.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            && value <= long.MaxValue >> shift && (long)(value * (1L << shift)) is long bytes && bytes >= least)
        {
            return bytes;
        }

        Fail($"must be a size of at least {least} bytes, such as 512MiB or 2GiB, not '{Text}'.");
        return null;
    }
}
