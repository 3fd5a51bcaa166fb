namespace Konko.Cli.Chat.Editing;

/// <summary>How the typing of a text ended.</summary>
internal enum EditorOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>By Ctrl-C, with nothing typed.</summary>
    Interrupted,

    /// <summary>By Ctrl-D, with nothing typed, or because the terminal has gone.</summary>
    Ended,
}
