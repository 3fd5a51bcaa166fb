namespace Konko.Cli.Parameters;

/// <summary>Which requests have a parameter.</summary>
[Flags]
internal enum ParameterScope
{
    /// <summary>Chats.</summary>
    Chat = 1,

    /// <summary>Continuations of text.</summary>
    Text = 2,

    /// <summary>Both.</summary>
    Both = Chat | Text,
}
