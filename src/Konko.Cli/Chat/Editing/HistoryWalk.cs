namespace Konko.Cli.Chat.Editing;

/// <summary>Going through the history with the arrows; what was being typed is found again at its end.</summary>
/// <param name="history">The history.</param>
internal sealed class HistoryWalk(History history)
{
    private int _at = history.Entries.Count;
    private string _typed = "";

    /// <summary>The entry before; null at the beginning.</summary>
    public string? Back(string current)
    {
        if (_at == 0) return null;
        if (_at == history.Entries.Count) _typed = current;
        return history.Entries[--_at];
    }

    /// <summary>The entry behind, at last what was being typed; null there.</summary>
    public string? Forward(string current)
    {
        if (_at >= history.Entries.Count) return null;
        return ++_at == history.Entries.Count ? _typed : history.Entries[_at];
    }
}
