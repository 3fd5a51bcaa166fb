namespace Konko.Cli.Terminal;

/// <summary>The terminal's size, which may change at any time.</summary>
/// <param name="read">Asks for columns and rows.</param>
internal sealed class ScreenSize(Func<(int Columns, int Rows)> read)
{
    // Where the terminal does not know, as some emulators do not.
    private const int UsualColumns = 80;
    private const int UsualRows = 24;
    private const int LeastColumns = 4;

    /// <summary>Cells of a row.</summary>
    public int Columns => Math.Max(LeastColumns, Read().Columns);

    /// <summary>Rows.</summary>
    public int Rows => Math.Max(2, Read().Rows);

    /// <summary>The size of this process's terminal.</summary>
    public static ScreenSize OfProcess() => new(() => (Console.WindowWidth, Console.WindowHeight));

    private (int Columns, int Rows) Read()
    {
        try
        {
            (int columns, int rows) = read();
            return (columns > 0 ? columns : UsualColumns, rows > 0 ? rows : UsualRows);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or ArgumentException)
        {
            return (UsualColumns, UsualRows);
        }
    }
}
