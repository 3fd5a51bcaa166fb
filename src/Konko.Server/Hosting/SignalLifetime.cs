using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Konko.Server.Hosting;

/// <summary>Ctrl-C and SIGTERM: the first asks the server to stop in peace, the second ends the process at once.</summary>
internal sealed class SignalLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    // What shells report for a process that a signal ended.
    private const int SignalExitBase = 128;

    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) == 1)
        {
            // Stopping runs callbacks; the thread of signals must be free for the second one.
            ThreadPool.QueueUserWorkItem(_ => application.StopApplication());
            return;
        }

        Environment.Exit(SignalExitBase + context.Signal switch { PosixSignal.SIGINT => 2, PosixSignal.SIGQUIT => 3, _ => 15 });
    }
}
