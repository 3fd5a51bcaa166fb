using System.Text;
using Konko.Server.Generation.Tools;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Generation.Tools;

public sealed class CallParserTests
{
    private static readonly HashSet<string> s_names = [.. ToolAnswers.Tools];

    public static TheoryData<string> Names => new(ToolAnswers.All.Select(answer => answer.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Append_WhatModelsWrite_GivesTextAndCallsHoweverItIsCut(string name)
    {
        ToolAnswers answer = ToolAnswers.All.Single(a => a.Name == name);
        string expected = Show(answer.Content, answer.Calls);
        var random = new Random(1);
        Assert.Equal(expected, Parse(answer.Dialect, answer.Answer, () => 1));
        for (int first = 1; first <= answer.Answer.Length; first++)
        {
            int pieces = 0;
            Assert.Equal(expected, Parse(answer.Dialect, answer.Answer, () => pieces++ == 0 ? first : answer.Answer.Length));
        }

        for (int round = 0; round < 200; round++) Assert.Equal(expected, Parse(answer.Dialect, answer.Answer, () => random.Next(1, 12)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Append_MarkupThatIsText_IsTheSame(string name)
    {
        ToolAnswers answer = ToolAnswers.All.Single(a => a.Name == name);
        // Where nothing becomes of it, text is shown that a special token's would not be.
        if (answer.Calls.Length == 0 || answer.Name == "malformed") return;
        string expected = Show(answer.Content, answer.Calls);
        if (answer.Dialect == ToolDialect.Harmony) expected = expected.Replace("I look.", "I look.<|end|>", StringComparison.Ordinal);
        for (int length = 1; length < 9; length++) Assert.Equal(expected, Parse(answer.Dialect, answer.Answer, () => length, markup: []));
    }

    [Fact]
    public void Append_Arguments_ComeAsTheyAreWritten()
    {
        var parser = new CallParser(ToolDialect.Hermes, s_names, int.MaxValue);
        var calls = new List<CallPiece>();
        var seen = new List<string>();
        foreach (string piece in (string[])["Hi <tool", "_call>{\"name\":\"add\",\"arg", "uments\":{\"a", "\":1", ",\"b\":2}", "}</tool_call>"])
        {
            parser.Append(piece, isSpecial: false);
            calls.Clear();
            seen.Add(parser.Take(calls) + "|" + string.Concat(calls.Select(call => call.Name + ":" + call.Arguments)));
        }

        Assert.Equal(["Hi|", "|", "|add::{\"a", "|:\":1", "|:,\"b\":2}", "|"], seen);
        Assert.False(parser.Broken);
    }

    [Fact]
    public void Append_OnlyOneCallAllowed_EndsWhereTheSecondBegins()
    {
        var parser = new CallParser(ToolDialect.Hermes, s_names, maxCalls: 1);
        parser.Append("""<tool_call>{"name":"add","arguments":{}}</tool_call><tool_call>{"name":"add",""", isSpecial: false);
        Assert.False(parser.Finished);
        parser.Append(""" "arguments":{"a":1}}</tool_call> and more""", isSpecial: false);
        Assert.True(parser.Finished);
        parser.Complete();
        var calls = new List<CallPiece>();
        Assert.Equal("", parser.Take(calls));
        Assert.Equal(2, calls.Count);
        Assert.False(parser.Broken);
    }

    [Theory]
    [InlineData("""<tool_call>{"name":"add","arguments":{"a":""")]
    [InlineData("""<tool_call>{"name":"add","arguments":{"a":1]""")]
    public void Complete_ArgumentsThatAreNoJson_AreBroken(string text)
    {
        var parser = new CallParser(ToolDialect.Hermes, s_names, int.MaxValue);
        parser.Append(text, isSpecial: false);
        parser.Complete();
        Assert.Equal((1, true), (parser.Count, parser.Broken));
    }

    [Fact]
    public void Append_LongHeaderOrManyBlanks_IsTextAndHoldsLittle()
    {
        string text = "<tool_call>{\"id\":\"" + new string('x', 100_000) + new string('\n', 10_000);
        var parser = new CallParser(ToolDialect.Hermes, s_names, int.MaxValue);
        var content = new StringBuilder();
        for (int at = 0; at < text.Length; at += 50)
        {
            int end = Math.Min(text.Length, at + 50);
            parser.Append(text[at..end], isSpecial: false);
            content.Append(parser.Take([]));
            Assert.InRange(end - content.Length, 0, 4096 + 100);
        }

        parser.Complete();
        Assert.Equal(text, content.Append(parser.Take([])).ToString());
    }

    [Fact]
    public void Append_AnyTextAtAll_LosesNothingAndDoesNotDependOnTheCuts()
    {
        string[] words =
        [
            "<tool_call>", "</tool_call>", "<tool", "[", "]", "{", "}", "\"name\"", ":", "\"add\"", ",", "\"arguments\"", "\"parameters\"", "\"x\"", "1", "null", "\\", "\"", " ", "\n", "```json\n", "```",
            "[TOOL_CALLS]", "[ARGS]", "[CALL_ID]", "get_weather", "<|tool_call|>", "<|python_tag|>", "<|channel|>", "<|message|>", "to=functions.add", "commentary", "🙂", "{\"name\":\"add\",\"arguments\":{", ";",
            "<function=", "add>", "<parameter=a>", "</parameter>", "</function>", "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>", "<｜tool▁calls▁end｜>", "<", "</", "｜DSML｜", "invoke name=\"add\">", "parameter name=\"a\" string=\"true\">", "invoke>", "parameter>",
            "<|START_ACTION|>", "Action: ", "\"tool_name\"", "```tool_code\n", "add(", "a=", "'", ")", "<|tool_call>", "call:add{", "<|\"|>", "a:",
        ];
        var random = new Random(2);
        int dialects = Enum.GetValues<ToolDialect>().Length;
        for (int round = 0; round < GateScale.Of(20_000, 200_000); round++)
        {
            ToolDialect dialect = (ToolDialect)random.Next(dialects);
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => words[random.Next(words.Length)]));
            string byOne = Parse(dialect, text, () => 1);
            Assert.Equal(byOne, Parse(dialect, text, () => random.Next(1, 20)));
            Assert.Equal(byOne, Parse(dialect, text, () => text.Length));
            if (dialect == ToolDialect.Harmony || byOne.Contains('\u0001', StringComparison.Ordinal)) continue;
            Assert.Equal(ToolAnswers.Markup.Aggregate(text, (t, mark) => t.Replace(mark, "", StringComparison.Ordinal)), byOne);
        }
    }

    private static string Parse(ToolDialect dialect, string answer, Func<int> length, string[]? markup = null)
    {
        var tokenizer = new PieceTokenizer();
        var parser = new CallParser(dialect, s_names, int.MaxValue);
        var calls = new List<CallPiece>();
        var content = new StringBuilder();
        foreach (int id in tokenizer.Cut(answer, markup ?? ToolAnswers.Markup, length))
        {
            if (!tokenizer.IsSpecial(id)) parser.Append(tokenizer.Literal(id), isSpecial: false);
            else if (parser.IsMark(tokenizer.Literal(id))) parser.Append(tokenizer.Literal(id), isSpecial: true);
            content.Append(parser.Take(calls));
        }

        parser.Complete();
        content.Append(parser.Take(calls));
        return Show(content.ToString(), calls.GroupBy(call => call.Index).Select(call => $"{call.First().Name}({string.Concat(call.Select(piece => piece.Arguments))})"));
    }

    private static string Show(string content, IEnumerable<string> calls) => string.Join('\u0001', [content, .. calls]);
}
