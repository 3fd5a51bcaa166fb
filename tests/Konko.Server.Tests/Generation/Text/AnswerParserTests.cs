using System.Text;
using Konko.Server.Generation.Text;
using Konko.Server.Generation.Tools;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Generation.Text;

public sealed class AnswerParserTests
{
    private const string Head = "<|channel|>analysis<|message|>Weather? to=functions.<|end|><|start|>assistant";

    [Theory]
    [InlineData(ToolDialect.Harmony, Head + "<|channel|>commentary to=functions.add <|constrain|>json<|message|>{\"a\":1}<|call|>", "Weather? to=functions.", "", "add({\"a\":1})")]
    [InlineData(ToolDialect.Harmony, Head + " to=functions.add<|channel|>commentary json<|message|>{}<|call|>", "Weather? to=functions.", "", "add({})")]
    [InlineData(ToolDialect.Harmony, Head + "<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>commentary to=functions.add<|message|>{}<|call|>", "Weather? to=functions.", "I look.", "add({})")]
    [InlineData(ToolDialect.Harmony, Head + "<|channel|>final<|message|>Rain.", "Weather? to=functions.", "Rain.", "")]
    [InlineData(ToolDialect.Harmony, Head + "<|channel|>comm", "Weather? to=functions.", "", "")]
    [InlineData(ToolDialect.Harmony, Head, "Weather? to=functions.", "", "")]
    [InlineData(ToolDialect.Harmony, "No head at all", "", "No head at all", "")]
    [InlineData(ToolDialect.Harmony, "<|channel|>analysis to=functions.add<|message|>{}<|call|>", "", "", "add({})")]
    [InlineData(ToolDialect.Hermes, "<think>\nA <tool_call>?\n</think>\n\n<tool_call>{\"name\":\"add\",\"arguments\":{\"a\":1}}</tool_call>", "A <tool_call>?", "", "add({\"a\":1})")]
    [InlineData(ToolDialect.Hermes, "<tool_call>{\"name\":\"add\"}</tool_call>", "", "", "add({})")]
    [InlineData(ToolDialect.Mistral, "<think>Hm[TOOL_CALLS]</think>Yes.[TOOL_CALLS]add[ARGS]{}", "Hm", "Yes.", "add({})")]
    [InlineData(ToolDialect.Mistral, "<th[TOOL_CALLS]add[ARGS]{}", "", "<th", "add({})")]
    [InlineData(ToolDialect.Mistral, "[TOOL_CALLS]add[ARGS]{}", "", "", "add({})")]
    public void Append_ThoughtsBeforeCalls_ArePartedHoweverTheTextIsCut(ToolDialect dialect, string answer, string thought, string content, string call)
    {
        for (int length = 1; length <= answer.Length; length += length < 12 ? 1 : 40)
            foreach (int late in (int[])[0, 3, 1000]) Assert.Equal((thought, content, call), Read(dialect, answer, length, late));
    }

    [Fact]
    public void Append_HeadThatIsLongerThanAny_IsSaid()
    {
        string text = new('x', 300);
        Assert.Equal(("", text, ""), Read(ToolDialect.Harmony, text, 7, 0));
    }

    private static (string Thought, string Content, string Calls) Read(ToolDialect dialect, string answer, int length, int late)
    {
        var tokenizer = new PieceTokenizer();
        var tools = new ToolOptions { Tools = [new ToolDefinition("add", default, null, Strict: false)] };
        ThoughtParser thoughts = dialect == ToolDialect.Harmony ? new ChannelThoughts(keepsHeads: true) : new TagThoughts(begun: false);
        var parser = new AnswerParser(thoughts, new CallStage(tools, dialect, index => $"call_{index}"));
        SpokenText all = SpokenText.None;
        var calls = new StringBuilder();
        (string held, int position) = ("", 0);
        foreach (int id in tokenizer.Cut(answer, ToolAnswers.Markup, () => length))
        {
            if (tokenizer.IsSpecial(id))
            {
                parser.Mark(tokenizer.Literal(id), position);
            }
            else
            {
                held += tokenizer.Literal(id);
                position += tokenizer.Literal(id).Length;
            }

            // Text that may become a stop string comes later than the special tokens behind it.
            int safe = Math.Max(0, held.Length - late);
            Take(held[..safe], isEnd: false);
            held = held[safe..];
        }

        Take(held, isEnd: true);
        return (all.Thought, all.Content, calls.Length == 0 ? "" : calls.Append(')').ToString());

        void Take(string text, bool isEnd)
        {
            all += parser.Append(text, isEnd);
            do
            {
                foreach (ToolCallDelta delta in parser.NextCalls()) calls.Append(delta.Name is null ? delta.Arguments : delta.Name + "(");
            }
            while (parser.HasMoreCalls);
        }
    }
}
