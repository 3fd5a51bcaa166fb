using Konko.Cli.Chat;

namespace Konko.Cli.Tests.Chat;

public sealed class ConversationTests
{
    private readonly Conversation _conversation = new() { System = "Be brief." };

    [Fact]
    public void Messages_AfterAnAnswer_HoldAllInOrder()
    {
        _conversation.Ask("Hi");
        _conversation.Answer("Hello");

        Assert.Equal(["system: Be brief.", "user: Hi", "assistant: Hello"], Shown());
    }

    [Fact]
    public void Answer_WithoutText_LeavesNoTraceButTheQuestion()
    {
        _conversation.Ask("Hi");
        _conversation.Answer("");

        Assert.Equal(["system: Be brief."], Shown());
        Assert.Equal("Hi", _conversation.LastQuestion);
    }

    [Fact]
    public void Undo_TwoTurns_TakesTheLastBack()
    {
        _conversation.Ask("one");
        _conversation.Answer("1");
        _conversation.Ask("two");
        _conversation.Answer("2");

        Assert.Equal("two", _conversation.Undo());
        Assert.Equal(["system: Be brief.", "user: one", "assistant: 1"], Shown());
        Assert.Equal("one", _conversation.Undo());
        Assert.Null(_conversation.Undo());
    }

    [Fact]
    public void Clear_Conversation_KeepsTheSystem()
    {
        _conversation.Ask("one");
        _conversation.Clear();

        Assert.Equal(["system: Be brief."], Shown());
        Assert.Null(_conversation.LastQuestion);
    }

    private IEnumerable<string> Shown() => _conversation.Messages.Select(message => $"{message.Role}: {message.Content}");
}
