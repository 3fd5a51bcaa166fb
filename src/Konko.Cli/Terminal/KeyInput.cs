namespace Konko.Cli.Terminal;

/// <summary>One thing that happened at the keyboard.</summary>
internal readonly record struct KeyInput
{
    /// <summary>The key, where one was pressed.</summary>
    public ConsoleKeyInfo? Key { get; private init; }

    /// <summary>The text, where one was pasted.</summary>
    public string? Pasted { get; private init; }

    /// <summary>Whether the terminal's size changed.</summary>
    public bool IsResize { get; private init; }

    /// <summary>A key.</summary>
    public static KeyInput Of(ConsoleKeyInfo key) => new() { Key = key };

    /// <summary>A text that was pasted.</summary>
    public static KeyInput Paste(string text) => new() { Pasted = text };

    /// <summary>Another size.</summary>
    public static KeyInput Resize { get; } = new() { IsResize = true };
}
