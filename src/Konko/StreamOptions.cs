namespace Konko;

/// <summary>How a stream is sent.</summary>
internal sealed record StreamOptions
{
    public bool? Resumable { get; init; }

    public static StreamOptions? For(bool resumable) => resumable ? new StreamOptions { Resumable = true } : null;
}
