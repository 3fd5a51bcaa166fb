namespace Konko.Server.Api;

/// <summary>What can be set about the answering endpoints.</summary>
public sealed record ApiSettings
{
    /// <summary>Most bytes of a request's body; beyond it the answer is 413.</summary>
    public long BodyLimitBytes { get; init; } = 16L << 20;

    /// <summary>Most bytes of the bodies of all requests that are being read or answered; beyond it the answer is 429.</summary>
    public long BodyMemoryBytes { get; init; } = 256L << 20;

    /// <summary>The <c>max_tokens</c> of a chat that names none; null goes on to the end of the answer or of the context.</summary>
    public int? ChatMaxTokens { get; init; }

    /// <summary>A client that takes nothing of its stream for so long is dropped.</summary>
    public TimeSpan ClientTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A stream that was silent for so long says that it is alive.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);
}
