using Konko.Server.Generation;

namespace Konko.Server.Providers;

/// <summary>A request that a provider works on. Disposing it stops the work and frees what it held.</summary>
public abstract class AdmittedGeneration : IAsyncDisposable
{
    /// <summary>The seed that the answer is drawn with; null where an upstream did not say.</summary>
    public required long? Seed { get; init; }

    /// <summary>Length of the prompt in tokens; null where an upstream did not say.</summary>
    public required int? PromptTokens { get; init; }

    /// <summary>
    /// The events in order, each in the moment it is known; read once. The last one either carries the usage or is a
    /// <see cref="GenerationFailed"/>. An enumeration that ends otherwise is a failure of the provider.
    /// </summary>
    /// <param name="cancellationToken">Stops the work within a token.</param>
    public abstract IAsyncEnumerable<GenerationEvent> ReadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
