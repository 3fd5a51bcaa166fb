using System.Text.Json.Nodes;

namespace Konko.Cli.Chat;

/// <summary>A conversation in a file.</summary>
internal sealed record SavedChat
{
    /// <summary>What the file is, so that no other is taken for one or written over.</summary>
    public const string FormatName = "konko-chat-1";

    /// <summary><see cref="FormatName"/>.</summary>
    public string? Format { get; init; }

    /// <summary>The model that was asked last.</summary>
    public string? Model { get; init; }

    /// <summary>The fields of requests that were set.</summary>
    public JsonObject? Parameters { get; init; }

    /// <summary>The messages.</summary>
    public IReadOnlyList<Message>? Messages { get; init; }
}
