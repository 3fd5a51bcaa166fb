namespace Konko.Server.Tests.Reference;

/// <summary>One way to call the server.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, with <c>{id}</c> where one stands.</param>
/// <param name="Id">Its name for generators of clients.</param>
/// <param name="Tag">What it belongs to.</param>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Description">The same at length.</param>
internal sealed record Operation(string Method, string Path, string Id, string Tag, string Summary, string Description)
{
    /// <summary>The name of the request's schema, where there is a body.</summary>
    public string? Request { get; init; }

    /// <summary>The record that a whole answer is; null where it is none.</summary>
    public Type? Answer { get; init; }

    /// <summary>The record that a stream's events are; null where nothing is streamed.</summary>
    public Type? Event { get; init; }

    /// <summary>Whether the events are those of whichever stream it was.</summary>
    public bool IsAnyStream { get; init; }

    /// <summary>What else a success is, such as <c>text/html</c>.</summary>
    public string? Media { get; init; }

    /// <summary>The status of a success.</summary>
    public int Success { get; init; } = 200;

    /// <summary>The statuses of failures.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];

    /// <summary>The parameters, by their names in the components.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>The headers of a success, by their names in the components.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>The transcripts whose exchanges are its examples.</summary>
    public IReadOnlyList<(string Transcript, string Summary)> Examples { get; init; } = [];

    /// <summary>Whether <c>HEAD</c> is answered too.</summary>
    public bool HasHead { get; init; }

    /// <summary>Whether a key is never asked for.</summary>
    public bool IsOpen { get; init; }
}
