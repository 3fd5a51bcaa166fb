namespace Konko.Cli.Terminal;

/// <summary>Which of the standard streams are terminals.</summary>
/// <param name="Input">A person types.</param>
/// <param name="Output">A person reads the answers.</param>
/// <param name="Error">A person reads the notes.</param>
internal readonly record struct Terminals(bool Input, bool Output, bool Error)
{
    /// <summary>A person at both ends: a conversation is possible.</summary>
    public bool IsInteractive => Input && Output;
}
