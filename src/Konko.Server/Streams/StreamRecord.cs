namespace Konko.Server.Streams;

/// <summary>What is kept of a stream to generate it again: no answer, and no key.</summary>
internal sealed record StreamRecord
{
    /// <summary>The answer's id, which is the stream's.</summary>
    public required string Id { get; init; }

    /// <summary>Seconds since 1970 at which the answer was created.</summary>
    public required long Created { get; init; }

    /// <summary>SHA-256 of the caller's key, in hexadecimal; empty where there was none.</summary>
    public required string KeyHash { get; init; }

    /// <summary>The path that the request was sent to.</summary>
    public required string Path { get; init; }

    /// <summary>The request's body, JSON, without what callers should not have put there.</summary>
    public required string Body { get; init; }

    /// <summary>Whether the client concatenates every string that it sees.</summary>
    public bool RoleOnce { get; init; }

    /// <summary>Whether the client counts the log-probabilities of a choice's first chunk twice.</summary>
    public bool LeadsWithRole { get; init; }

    /// <summary>The seed, drawn or chosen.</summary>
    public required long? Seed { get; init; }

    /// <summary>What the answer's bytes hang on beside the request: see <see cref="StreamFingerprint"/>.</summary>
    public required string? Fingerprint { get; init; }
}
