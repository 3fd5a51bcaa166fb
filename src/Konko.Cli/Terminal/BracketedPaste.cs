namespace Konko.Cli.Terminal;

/// <summary>Asks the terminal to mark what is pasted, until it is disposed of.</summary>
internal sealed class BracketedPaste : IDisposable
{
    private readonly CliConsole _console;

    public BracketedPaste(CliConsole console)
    {
        _console = console;
        console.Control("\e[?2004h");
        console.Deliver();
    }

    public void Dispose()
    {
        _console.Control("\e[?2004l");
        _console.Flush();
    }
}
