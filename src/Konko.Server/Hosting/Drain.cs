using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Microsoft.Extensions.Hosting;

namespace Konko.Server.Hosting;

/// <summary>
/// Stops the server without cutting answers: once it begins no new work is taken, running answers go on up to a
/// limit, and what is left then ends in an error.
/// </summary>
/// <remarks>
/// A hosted service's <c>StoppingAsync</c> runs before the listeners close, so health and refusals can still be told.
/// </remarks>
internal sealed class Drain(KonkoOptions options, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _expired = new();
    private int _running;

    /// <summary>What new work is told.</summary>
    public static ApiError Refusal { get; } = new(503, "The server is shutting down and takes no new work.", ErrorTypes.Server) { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>What running answers are told when the limit is reached.</summary>
    public static ApiError Cut { get; } = new(503, "The server shut down before this answer was complete.", ErrorTypes.Server);

    /// <summary>Whether the server was told to stop.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Answers that are being generated.</summary>
    public int Running
    {
        get
        {
            lock (_lock) return _running;
        }
    }

    /// <summary>Fires when running answers have had their time.</summary>
    public CancellationToken Expired => _expired.Token;

    /// <summary>Counts an answer in; false while the server stops.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (IsDraining) return false;
            _running++;
            return true;
        }
    }

    /// <summary>Counts an answer out.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_running == 0 && IsDraining) _idle.TrySetResult();
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            IsDraining = true;
            if (_running == 0) _idle.TrySetResult();
        }

        try
        {
            await _idle.Task.WaitAsync(options.DrainTimeout, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await _expired.CancelAsync();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _expired.Dispose();
}
