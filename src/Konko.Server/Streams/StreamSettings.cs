namespace Konko.Server.Streams;

/// <summary>What can be set about resumable streams.</summary>
internal sealed record StreamSettings
{
    /// <summary>Most streams that are kept, running and finished.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>Most bytes of all that is kept of them.</summary>
    public long Bytes { get; init; } = 256L << 20;

    /// <summary>How long a stream is kept after its end.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a stream goes on that nobody reads.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(1);
}
