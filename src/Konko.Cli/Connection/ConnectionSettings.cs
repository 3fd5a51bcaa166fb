namespace Konko.Cli.Connection;

/// <summary>Which server to ask.</summary>
internal sealed record ConnectionSettings
{
    /// <summary>The server; null looks for one on this machine, and else starts one.</summary>
    public Uri? Url { get; init; }

    /// <summary>The key; null is that of the environment.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Longest wait for an answer; null is the client's own.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>A GGUF file to serve for this command alone; null is none.</summary>
    public string? ModelFile { get; init; }
}
