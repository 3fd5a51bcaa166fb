using Konko.Cli.Terminal;

namespace Konko.Cli.Tests.Support;

/// <summary>A console whose streams are kept as text.</summary>
internal sealed class TestConsole
{
    private readonly Func<string> _output;
    private readonly Func<string> _error;

    public TestConsole(bool terminal = true, int columns = 80, int rows = 24, params (string Name, string Value)[] environment)
    {
        KeptText output = new(), error = new();
        (_output, _error) = (output.ToString, error.ToString);
        Console = new CliConsole(output, error, new Terminals(terminal, terminal, terminal), new ScreenSize(() => (columns, rows)),
            name => environment.FirstOrDefault(variable => variable.Name == name).Value);
    }

    public CliConsole Console { get; }

    public string Output => _output();

    public string Error => _error();
}
