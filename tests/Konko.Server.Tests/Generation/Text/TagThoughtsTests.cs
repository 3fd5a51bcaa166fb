using Konko.Server.Generation.Text;

namespace Konko.Server.Tests.Generation.Text;

public sealed class TagThoughtsTests
{
    [Theory]
    [InlineData("Hello", "", "Hello")]
    [InlineData(" \n Hello", "", " \n Hello")]
    [InlineData("<think>\nHm. Yes.\n</think>\n\nHello", "Hm. Yes.", "Hello")]
    [InlineData("\n<think>Hm</think>Hello\n", "Hm", "Hello\n")]
    [InlineData("<think>\n\n</think>\n\nHello", "", "Hello")]
    [InlineData("<think></think>", "", "")]
    [InlineData("<think>", "", "")]
    [InlineData("<think>a < b </thin b> </think>c", "a < b </thin b>", "c")]
    [InlineData("<think>a</think></think>b", "a", "</think>b")]
    [InlineData("<think>a<think>b</think>c<think>d</think>", "a<think>b", "c<think>d</think>")]
    [InlineData("<think>cut off \n", "cut off \n", "")]
    [InlineData("<think>cut off </thi", "cut off </thi", "")]
    [InlineData("<thi", "", "<thi")]
    [InlineData("<thinking>", "", "<thinking>")]
    [InlineData("The mark <think> begins a thought.", "", "The mark <think> begins a thought.")]
    [InlineData("   ", "", "   ")]
    [InlineData("", "", "")]
    public void Append_Answer_IsPartedInTheSameWayHoweverItIsCut(string answer, string thought, string content)
        => AssertParted(answer, begun: false, thought, content);

    [Theory]
    [InlineData("\nHm.\n</think>\n\nHello", "Hm.", "Hello")]
    [InlineData("</think>Hello", "", "Hello")]
    [InlineData("Hm", "Hm", "")]
    public void Append_PromptHasBegunTheThought_GoesOnWithIt(string answer, string thought, string content)
        => AssertParted(answer, begun: true, thought, content);

    [Fact]
    public void Append_MoreWhiteSpaceThanIsHeld_IsText()
    {
        string space = new(' ', 100);
        AssertParted($"{space}<think>a</think>b", begun: false, "", $"{space}<think>a</think>b");
        AssertParted($"<think>a{space}</think>b", begun: false, $"a{space[..36]}", "b");
        AssertParted($"<think>a{space}c</think>b", begun: false, $"a{space}c", "b");
    }

    [Fact]
    public void Append_WhatMayBecomeAMark_IsHeldBack()
    {
        var parser = new TagThoughts(begun: false);
        Assert.Equal(SpokenText.None, parser.Append("<th"));
        Assert.Equal(SpokenText.None, parser.Append("ink>\n"));
        Assert.Equal(new SpokenText("a <", ""), parser.Append("a <</th"));
        Assert.Equal(new SpokenText("</thx", ""), parser.Append("x"));
        Assert.Equal(new SpokenText("", "b"), parser.Append("\n</think> b"));
        Assert.Equal(new SpokenText("", "</think>"), parser.Append("</think>"));
    }

    private static void AssertParted(string answer, bool begun, string thought, string content)
    {
        for (int size = 1; size <= Math.Max(1, answer.Length); size++)
        {
            var parser = new TagThoughts(begun);
            SpokenText all = SpokenText.None;
            for (int i = 0; i < answer.Length; i += size) all += parser.Append(answer[i..Math.Min(answer.Length, i + size)]);
            Assert.Equal(new SpokenText(thought, content), all + parser.Complete());
        }
    }
}
