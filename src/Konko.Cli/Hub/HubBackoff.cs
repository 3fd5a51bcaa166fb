using System.Globalization;
using Konko.Cli.Running;

namespace Konko.Cli.Hub;

/// <summary>How long to wait between tries, and when to give up. Counts failures in a row: whatever brings the work on sets it back.</summary>
/// <param name="time">The clock.</param>
/// <param name="note">Is told of each wait.</param>
internal sealed class HubBackoff(TimeProvider time, Action<string> note)
{
    private const int MostFailures = 6;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestAsked = TimeSpan.FromMinutes(5);

    private int _failures;

    /// <summary>Runs something until it goes well.</summary>
    /// <exception cref="FailureException">It failed too often.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                T result = await work();
                Reset();
                return result;
            }
            catch (HubTransientException exception)
            {
                await WaitAsync(exception, cancellationToken);
            }
        }
    }

    /// <summary>Something came: failures before it no longer count.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Waits after a failure: as long as the hub asks, else twice as long with each.</summary>
    /// <exception cref="FailureException">It was one too many, or the hub asks for too long a wait.</exception>
    public async Task WaitAsync(HubTransientException failure, CancellationToken cancellationToken)
    {
        if (++_failures >= MostFailures) throw new FailureException($"{failure.Message}; gave up after {MostFailures} tries. The next pull goes on where this one stopped.", ExitCodes.Unreachable);
        TimeSpan wait = failure.RetryAfter ?? TimeSpan.FromSeconds(Math.Min(s_longest.TotalSeconds, 1 << (_failures - 1)));
        if (wait > s_longestAsked)
        {
            throw new FailureException(string.Create(CultureInfo.InvariantCulture, $"{failure.Message}; it asks to wait for {wait.TotalMinutes:0} minutes. Try again then: the pull goes on where this one stopped."), ExitCodes.Unreachable);
        }

        note(string.Create(CultureInfo.InvariantCulture, $"{failure.Message}; trying again in {wait.TotalSeconds:0} s."));
        await Task.Delay(wait, time, cancellationToken);
    }
}
