using System.Text;

namespace Konko.Cli.Terminal;

/// <summary>
/// Where commands write: answers to standard output, everything about them to standard error. A pipe gets an answer's exact
/// bytes; a terminal gets text that cannot command it. Colour is for terminals only, and not with <c>NO_COLOR</c>.
/// </summary>
internal sealed class CliConsole
{
    private const string Dumb = "dumb";

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private bool _midLine;

    /// <summary>A console over writers.</summary>
    /// <param name="output">For answers.</param>
    /// <param name="error">For notes and failures.</param>
    /// <param name="terminals">Which of the three streams are terminals.</param>
    /// <param name="size">The terminal's size.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public CliConsole(TextWriter output, TextWriter error, Terminals terminals, ScreenSize size, Func<string, string?> environment)
    {
        (_output, _error, Terminals, Size) = (output, error, terminals, size);
        bool dumb = environment("TERM") == Dumb;
        bool colour = !dumb && string.IsNullOrEmpty(environment("NO_COLOR"));
        CanMoveCursor = terminals.Output && !dumb;
        Output = new Styles(colour && terminals.Output);
        Error = new Styles(colour && terminals.Error);
    }

    /// <summary>Which of the three streams are terminals.</summary>
    public Terminals Terminals { get; }

    /// <summary>The terminal's size.</summary>
    public ScreenSize Size { get; }

    /// <summary>Whether the output is a terminal that understands movements of the cursor.</summary>
    public bool CanMoveCursor { get; }

    /// <summary>The styles of the output.</summary>
    public Styles Output { get; }

    /// <summary>The styles of notes and failures.</summary>
    public Styles Error { get; }

    /// <summary>No notes, only answers and failures.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>The console of this process.</summary>
    public static CliConsole OfProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        bool isOld = false;
        if (OperatingSystem.IsWindows() && !Console.IsOutputRedirected)
        {
            Console.OutputEncoding = utf8;
            isOld = !WindowsTerminal.TryEnable();
        }

        return new CliConsole(
            new StreamWriter(OutputStream.Open(), utf8) { NewLine = "\n" },
            Console.Error,
            new Terminals(!Console.IsInputRedirected, !Console.IsOutputRedirected, !Console.IsErrorRedirected),
            ScreenSize.OfProcess(),
            name => isOld && name == "TERM" ? Dumb : Environment.GetEnvironmentVariable(name));
    }

    /// <summary>Writes a part of an answer; it is seen after <see cref="Deliver"/>.</summary>
    public void Write(string text)
    {
        if (text.Length == 0) return;
        string shown = Terminals.Output ? SafeText.Clean(text) : text;
        if (shown.Length > 0) _midLine = shown[^1] != '\n';
        WriteRaw(shown);
    }

    /// <summary>Writes a line of an answer.</summary>
    public void WriteLine(string text) => Write(text + "\n");

    /// <summary>Writes our own control sequences, which only a terminal gets.</summary>
    public void Control(string sequence)
    {
        if (CanMoveCursor) WriteRaw(sequence);
    }

    /// <summary>Hands the output on.</summary>
    /// <exception cref="BrokenPipeException">Whoever read it has gone.</exception>
    public void Deliver()
    {
        try
        {
            _output.Flush();
        }
        catch (IOException exception)
        {
            throw new BrokenPipeException(exception);
        }
    }

    /// <summary>Begins a new line if an answer stopped within one and a terminal shows it; a pipe gets nothing that the answer has not.</summary>
    public void EndLine()
    {
        if (_midLine && Terminals.Output) WriteRaw("\n");
        _midLine = false;
    }

    /// <summary>Says something about the answer.</summary>
    public void Note(string text)
    {
        if (!IsQuiet) Tell(text);
    }

    /// <summary>Says something that was asked for, in a conversation.</summary>
    public void Tell(string text)
    {
        foreach (string line in Terminals.Error ? TextWrap.Lines(SafeText.Line(text), Size.Columns) : [text]) WriteError(Error.Dim(line));
    }

    /// <summary>Says in one line what went wrong.</summary>
    public void Fail(string text) => WriteError(Error.Bad("konko:") + " " + (Terminals.Error ? SafeText.Line(text) : text.ReplaceLineEndings(" ")));

    /// <summary>Hands everything on.</summary>
    public void Flush()
    {
        try
        {
            _output.Flush();
        }
        catch (IOException)
        {
            // Whoever read it has gone.
        }

        _error.Flush();
    }

    private void WriteError(string line)
    {
        // Both may be one terminal: what stands on the output comes first.
        Deliver();
        _error.WriteLine(line);
        _error.Flush();
    }

    private void WriteRaw(string text)
    {
        try
        {
            _output.Write(text);
        }
        catch (IOException exception)
        {
            throw new BrokenPipeException(exception);
        }
    }
}
