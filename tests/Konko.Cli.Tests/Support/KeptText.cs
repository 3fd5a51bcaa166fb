using System.Text;

namespace Konko.Cli.Tests.Support;

/// <summary>A writer whose text may be read while it is written.</summary>
internal sealed class KeptText : TextWriter
{
    private readonly StringBuilder _text = new();

    public KeptText() => NewLine = "\n";

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_text) _text.Append(value);
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override string ToString()
    {
        lock (_text) return _text.ToString();
    }
}
