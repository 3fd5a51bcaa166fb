namespace Konko.Server.Configuration;

/// <summary>Reads keys from a file: one a line, blank lines and lines that start with # left out.</summary>
internal static class KeysFile
{
    public static KonkoOptions Apply(KonkoOptions options, SettingValue value)
    {
        string path = value.PathOf(value.Text);
        try
        {
            string[] keys = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
            if (keys.Length > 0) return options with { Keys = [.. options.Keys, .. keys] };

            // A file that was emptied by mistake must not open the server to everybody.
            value.Fail($"'{path}' holds no keys; leave the setting out to serve without keys.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            value.Fail($"cannot be read: {exception.Message}");
        }

        return options;
    }
}
