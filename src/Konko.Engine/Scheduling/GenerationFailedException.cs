namespace Konko.Engine.Scheduling;

/// <summary>Ends the outputs of a request that could not be finished. What came before it is right, but not the whole.</summary>
/// <param name="failure">What went wrong.</param>
/// <param name="message">The same in words that a client may read.</param>
/// <param name="inner">What was thrown, where something was.</param>
public sealed class GenerationFailedException(GenerationFailure failure, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What went wrong.</summary>
    public GenerationFailure Failure { get; } = failure;
}
