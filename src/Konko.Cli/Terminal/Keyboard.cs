using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Konko.Cli.Terminal;

/// <summary>
/// The keyboard of this process's terminal, read all the time: while an answer is written nothing is echoed into it, Ctrl-C is
/// seen at once, and what is typed ahead waits for the next prompt.
/// </summary>
internal sealed class Keyboard : IKeys, IDisposable
{
    private readonly Channel<KeyInput> _inputs = Channel.CreateUnbounded<KeyInput>();
    private readonly PosixSignalRegistration? _resized;
    private readonly bool _controlC;
    private Action? _interrupt;

    /// <summary>Takes the keyboard; Ctrl-C is a key from now on.</summary>
    public Keyboard()
    {
        _controlC = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true;
        if (!OperatingSystem.IsWindows()) _resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _inputs.Writer.TryWrite(KeyInput.Resize));
        new Thread(Pump) { IsBackground = true, Name = "Keyboard" }.Start();
    }

    /// <inheritdoc/>
    public ValueTask<KeyInput> ReadAsync(CancellationToken cancellationToken) => _inputs.Reader.ReadAsync(cancellationToken);

    /// <summary>Until the result is disposed of, Ctrl-C does this instead of being read.</summary>
    public IDisposable OnInterrupt(Action interrupt)
    {
        Volatile.Write(ref _interrupt, interrupt);
        return new Release(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _resized?.Dispose();
        Console.TreatControlCAsInput = _controlC;
    }

    private void Pump()
    {
        var decoder = new PasteDecoder();
        try
        {
            while (true)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control } && Volatile.Read(ref _interrupt) is { } interrupt)
                {
                    interrupt();
                    continue;
                }

                foreach (KeyInput input in decoder.Add(key)) _inputs.Writer.TryWrite(input);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // The terminal has gone.
            _inputs.Writer.TryComplete();
        }
    }

    private sealed class Release(Keyboard keyboard) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref keyboard._interrupt, null);
    }
}
