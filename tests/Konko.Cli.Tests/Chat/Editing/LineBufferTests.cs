using Konko.Cli.Chat.Editing;

namespace Konko.Cli.Tests.Chat.Editing;

public sealed class LineBufferTests
{
    /// <summary>Texts with the cursor as <c>|</c>.</summary>
    [Theory]
    [InlineData("abc|", "Left", "ab|c")]
    [InlineData("|abc", "Left", "|abc")]
    [InlineData("日🙂|", "Left", "日|🙂")]
    [InlineData("👩‍👩‍👧|x", "Left", "|👩‍👩‍👧x")]
    [InlineData("ab\n|c", "Left", "ab|\nc")]
    [InlineData("|e\u0301x", "Right", "e\u0301|x")]
    [InlineData("abc|", "Right", "abc|")]
    [InlineData("one\ntwo|", "LineStart", "one\n|two")]
    [InlineData("o|ne\ntwo", "LineEnd", "one|\ntwo")]
    [InlineData("one two|", "WordLeft", "one |two")]
    [InlineData("|one two", "WordRight", "one| two")]
    [InlineData("日本|", "Backspace", "日|")]
    [InlineData("a\n|b", "Backspace", "a|b")]
    [InlineData("|", "Backspace", "|")]
    [InlineData("a|🙂b", "Delete", "a|b")]
    [InlineData("a|", "Delete", "a|")]
    [InlineData("one two|", "CutWordLeft", "one |")]
    [InlineData("one| two x", "CutWordRight", "one| x")]
    [InlineData("a\none|two", "CutToStart", "a\n|two")]
    [InlineData("one|two\nb", "CutToEnd", "one|\nb")]
    [InlineData("one|\nb", "CutToEnd", "one|b")]
    [InlineData("abc\nd|e", "Up", "a|bc\nde")]
    [InlineData("a\nbcd|", "Up", "a|\nbcd")]
    [InlineData("|a\nb", "Up", "|a\nb")]
    [InlineData("ab|c\nde", "Down", "abc\nde|")]
    [InlineData("x\na|🙂", "Up", "x|\na🙂")]
    [InlineData("🙂x\nab|", "Up", "🙂|x\nab")]
    public void Edit_Key_MovesOrRemoves(string before, string edit, string after)
    {
        var buffer = new LineBuffer();
        int cursor = before.IndexOf('|', StringComparison.Ordinal);
        buffer.Insert(before[..cursor]);
        string behind = before[(cursor + 1)..];
        buffer.Insert(behind);
        while (buffer.Cursor > cursor) buffer.Left();

        typeof(LineBuffer).GetMethod(edit)!.Invoke(buffer, null);

        Assert.Equal(after, buffer.Text.Insert(buffer.Cursor, "|"));
    }

    [Fact]
    public void Paste_WhatWasCut_ComesBack()
    {
        var buffer = new LineBuffer();
        buffer.Insert("one two");
        buffer.CutWordLeft();
        buffer.LineStart();
        buffer.Paste();

        Assert.Equal("twoone ", buffer.Text);
    }

    [Fact]
    public void Insert_BeyondTheLimit_IsLeftOut()
    {
        var buffer = new LineBuffer();
        buffer.Insert(new string('x', 1 << 20));
        buffer.Insert("y");

        Assert.Equal(1 << 20, buffer.Text.Length);
    }
}
