namespace Konko.Cli.Models;

/// <summary>The width of the terminal that notes go to.</summary>
internal static class ErrorWidth
{
    private const int Usual = 80;

    /// <summary>Its columns; 80 where it does not tell.</summary>
    public static int Columns
    {
        get
        {
            try
            {
                return Console.WindowWidth is > 0 and int columns ? columns : Usual;
            }
            catch (IOException)
            {
                return Usual;
            }
        }
    }
}
