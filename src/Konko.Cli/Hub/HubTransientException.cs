namespace Konko.Cli.Hub;

/// <summary>Something failed that may go well the next time.</summary>
/// <param name="message">What, for people.</param>
/// <param name="retryAfter">How long the hub asks to wait; null leaves it to us.</param>
internal sealed class HubTransientException(string message, TimeSpan? retryAfter = null) : Exception(message)
{
    /// <summary>How long the hub asks to wait.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}
