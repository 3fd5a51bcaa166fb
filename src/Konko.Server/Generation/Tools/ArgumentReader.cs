using System.Text;

namespace Konko.Server.Generation.Tools;

/// <summary>Makes JSON of arguments that are written in another way, character by character.</summary>
internal abstract class ArgumentReader
{
    /// <summary>Takes the next character.</summary>
    /// <param name="c">The character.</param>
    /// <param name="output">Where the JSON goes, as far as it is certain.</param>
    /// <returns><see cref="ScanStep.Done"/> where the character ends the arguments.</returns>
    public abstract ScanStep Step(char c, StringBuilder output);

    /// <summary>Writes a character of a JSON string.</summary>
    protected static void Write(char c, StringBuilder output)
    {
        switch (c)
        {
            case '"' or '\\':
                output.Append('\\').Append(c);
                break;
            case '\n':
                output.Append("\\n");
                break;
            case '\r':
                output.Append("\\r");
                break;
            case '\t':
                output.Append("\\t");
                break;
            case < ' ':
                output.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                break;
            default:
                output.Append(c);
                break;
        }
    }

    /// <summary>Writes a JSON string.</summary>
    protected static void WriteText(string text, StringBuilder output)
    {
        output.Append('"');
        foreach (char c in text) Write(c, output);
        output.Append('"');
    }
}
