using System.Threading.Channels;
using Konko.Cli.Terminal;

namespace Konko.Cli.Tests.Support;

/// <summary>A keyboard that a test types on before it is read; behind the last key the terminal has gone.</summary>
internal sealed class ScriptedKeys : IKeys
{
    private readonly Queue<KeyInput> _keys = new();

    public ScriptedKeys Type(string text)
    {
        foreach (char c in text) _keys.Enqueue(KeyInput.Of(new ConsoleKeyInfo(c, default, false, false, false)));
        return this;
    }

    public ScriptedKeys Press(ConsoleKey key, bool control = false, bool alt = false)
    {
        char c = key switch { ConsoleKey.Enter => '\r', _ => '\0' };
        _keys.Enqueue(KeyInput.Of(new ConsoleKeyInfo(c, key, false, alt, control)));
        return this;
    }

    public ScriptedKeys Enter(string text) => Type(text).Press(ConsoleKey.Enter);

    public ScriptedKeys Paste(string text)
    {
        _keys.Enqueue(KeyInput.Paste(text));
        return this;
    }

    public ValueTask<KeyInput> ReadAsync(CancellationToken cancellationToken) =>
        _keys.TryDequeue(out KeyInput key) ? ValueTask.FromResult(key) : throw new ChannelClosedException();
}
