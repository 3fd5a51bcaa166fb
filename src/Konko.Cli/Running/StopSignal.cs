using System.Runtime.InteropServices;

namespace Konko.Cli.Running;

/// <summary>Turns the first signal to stop into a cancellation; a second one ends the process.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignal() => _registrations = [Register(PosixSignal.SIGINT, 2), Register(PosixSignal.SIGTERM, 15)];

    public CancellationToken Token => _source.Token;

    /// <summary>128 and the signal's number, as shells report it.</summary>
    public int ExitCode { get; private set; } = ExitCodes.Failure;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        if (_source.IsCancellationRequested) return;
        context.Cancel = true;
        ExitCode = 128 + number;
        _source.Cancel();
    });
}
