namespace Konko.Cli.Chat;

/// <summary>The messages of a conversation: what the system says, then questions and answers.</summary>
internal sealed class Conversation
{
    private readonly List<Message> _messages = [];

    /// <summary>What the system says; null is nothing.</summary>
    public string? System { get; set; }

    /// <summary>Questions and answers.</summary>
    public IReadOnlyList<Message> Turns => _messages;

    /// <summary>The question that was asked last, also where it got no answer.</summary>
    public string? LastQuestion { get; private set; }

    /// <summary>All of it, as it is sent.</summary>
    public IReadOnlyList<Message> Messages => System is null ? [.. _messages] : [Message.System(System), .. _messages];

    /// <summary>Asks.</summary>
    public void Ask(string question)
    {
        LastQuestion = question;
        _messages.Add(Message.User(question));
    }

    /// <summary>Takes the answer; one that has no text leaves no trace, nor does its question.</summary>
    public void Answer(string text)
    {
        if (text.Length > 0) _messages.Add(Message.Assistant(text));
        else if (_messages is [.., { Role: "user" }]) _messages.RemoveAt(_messages.Count - 1);
    }

    /// <summary>Takes the last question and its answer back.</summary>
    /// <returns>The question; null where there is none.</returns>
    public string? Undo()
    {
        int question = _messages.FindLastIndex(message => message.Role == "user");
        if (question < 0) return null;
        string text = _messages[question].Content ?? "";
        _messages.RemoveRange(question, _messages.Count - question);
        return text;
    }

    /// <summary>Forgets questions and answers; what the system says stays.</summary>
    public void Clear()
    {
        _messages.Clear();
        LastQuestion = null;
    }

    /// <summary>Goes on with another conversation.</summary>
    public void Load(IReadOnlyList<Message> messages)
    {
        Clear();
        System = messages is [{ Role: "system" } first, ..] ? first.Content : null;
        _messages.AddRange(System is null ? messages : messages.Skip(1));
        LastQuestion = _messages.FindLast(message => message.Role == "user")?.Content;
    }
}
