using System.Text;
using System.Text.Json;
using Konko.Engine.Grammar;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Calls;

namespace Konko.Engine.Tests.Grammar.Calls;

public sealed class CallCompilerTests
{
    private const char Control = '\u0001';

    private static readonly CallTool[] s_tools = [new("add", JsonDocument.Parse("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""").RootElement), new("now", null)];

    private static readonly CallSyntax s_marked = new()
    {
        Tools = s_tools, Openers = ["<tool_call>"], Closers = ["</tool_call>", "```"], Fences = ["```json\n"],
    };

    [Theory]
    [InlineData("", true)]
    [InlineData("Any text, with {\"name\":\"add\",\"arguments\":{\"a\":\"x\"}} in it.", true)]
    [InlineData("a < b <tool <tool_cal <tool_call", true)]
    [InlineData("日本 🙂 <tool_", true)]
    [InlineData("<tool_call>", false)]
    [InlineData("<tool_call>no", false)]
    [InlineData("Yes.\n<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>", true)]
    [InlineData("<tool_call>{\"name\":\"add\",\"arguments\":{\"a\":\"1\"}}", false)]
    [InlineData("<tool_call>{\"name\":\"add\",\"arguments\":{}}", false)]
    [InlineData("<tool_call>{\"name\":\"other\",\"arguments\":{}}", false)]
    [InlineData("<tool_call>{\"name\":\"now\",\"arguments\":{\"any\": [1]}}</tool_call> Done <tool_call>{\"name\":\"add\",\"parameters\":{\"a\":2}}", true)]
    [InlineData("<tool_call>{\"name\":\"now\",\"arguments\":{}}</tool_call> Done <tool_call>{\"name\":\"add\",\"parameters\":{\"b\":2}}", false)]
    [InlineData("<tool_call>[{\"name\":\"now\",\"arguments\":{}}, {\"name\":\"add\",\"arguments\":{\"a\":2}}]", true)]
    [InlineData("<tool_call>[{\"name\":\"now\",\"arguments\":{}}, {\"name\":\"add\",\"arguments\":{\"a\":2}", false)]
    [InlineData("<tool_call>{\"name\":\"now\",\"arguments\":{}}, {\"name\":\"add\",\"arguments\":{\"a\":null}}", false)]
    [InlineData(" {\"name\": \"add\", \"arguments\": {\"a\": 1}}", true)]
    [InlineData(" {\"name\": \"add\", \"arguments\": {\"a\": 1.5}}", false)]
    [InlineData("```json\n[ {\n \"name\" : \"add\"", false)]
    [InlineData("{\"name\": \"address\", \"arguments\": 1}", true)]
    [InlineData("{\"type\": \"function\", \"name\": \"add\", \"arguments\": 1}", true)]
    [InlineData("[{\"name\": \"now\", \"arguments\": {}}]``` and", true)]
    public void Compile_Marked_AllowsWhatHasNoOtherCalls(string text, bool allowed) => Assert.Equal(allowed, Accepts(s_marked, text));

    [Theory]
    [InlineData("\u0001<|python_tag|>{\"name\":\"add\",\"arguments\":{\"a\":1}}", true)]
    [InlineData("\u0001<|python_tag|>{\"name\":\"add\",\"arguments\":{\"a\":\"\"}}", false)]
    [InlineData("<|python_tag|>print", false)]
    [InlineData("Text \u0001<|other|> text", true)]
    [InlineData("<|pyth\u0001<|other|>on_tag|>", false)]
    [InlineData("\u0001<|python_tag|>{\"name\":\"now\",\"arguments\":{\"\u0001<|python_tag|>\":1}}", false)]
    public void Compile_ControlTokens_AreMarksAndNoText(string text, bool allowed) => Assert.Equal(allowed, Accepts(s_marked with { Openers = ["<|python_tag|>"] }, text));

    [Theory]
    [InlineData(ThoughtMarks.Tags, "<think>I <tool_call> {</think>\n{\"name\":\"add\",\"arguments\":{\"a\":1}}", true)]
    [InlineData(ThoughtMarks.Tags, " \n<think>hm</think>{\"name\":\"add\",\"arguments\":{}}", false)]
    [InlineData(ThoughtMarks.Tags, "No <think><tool_call>1</think>", false)]
    [InlineData(ThoughtMarks.Tags, "{\"name\":\"add\",\"arguments\":{}}", false)]
    [InlineData(ThoughtMarks.BegunTags, "<tool_call></think>Yes", true)]
    [InlineData(ThoughtMarks.BegunTags, "hm</think>{\"name\":\"add\",\"arguments\":{}}", false)]
    [InlineData(ThoughtMarks.Channels, "\u0001<|channel|>final\u0001<|message|>{\"name\":\"add\",\"arguments\":{\"a\":3}}", true)]
    [InlineData(ThoughtMarks.Channels, "\u0001<|channel|>final\u0001<|message|>{\"name\":\"add\",\"arguments\":{}}", false)]
    [InlineData(ThoughtMarks.Channels, "\u0001<|channel|>final\u0001<|message|>Hi\u0001<|end|>\u0001<|start|>assistant\u0001<|message|>{\"name\":\"add\",\"arguments\":{}}", false)]
    public void Compile_Thoughts_AreFree(ThoughtMarks thoughts, string text, bool allowed) => Assert.Equal(allowed, Accepts(s_marked with { Thoughts = thoughts }, text));

    [Theory]
    [InlineData("[TOOL_CALLS]add[ARGS]{\"a\":1}[TOOL_CALLS]now[CALL_ID]a1B[ARGS]{}", true)]
    [InlineData("\u0001[TOOL_CALLS]add\u0001[ARGS]{\"a\":1}", true)]
    [InlineData("[TOOL_CALLS]add{\"a\":true}", false)]
    [InlineData("[TOOL_CALLS][{\"name\": \"add\", \"arguments\": {\"a\": 1}}]", true)]
    public void Compile_NamedCalls_MayBeEitherForm(string text, bool allowed) => Assert.Equal(allowed, Accepts(s_marked with { Openers = ["[TOOL_CALLS]"], HasNamedCalls = true }, text));

    [Theory]
    [InlineData("\u0001<|channel|>analysis\u0001<|message|>I to=functions.add {\u0001<|end|>\u0001<|start|>assistant\u0001<|channel|>final\u0001<|message|>Hi", true)]
    [InlineData("\u0001<|channel|>commentary to=functions.add \u0001<|constrain|>json\u0001<|message|>{\"a\":1}", true)]
    [InlineData("\u0001<|channel|>commentary to=functions.add \u0001<|constrain|>json\u0001<|message|>{\"a\":[]}", false)]
    [InlineData(" to=functions.now\u0001<|channel|>commentary json\u0001<|message|>{}\u0001<|call|>\u0001<|start|>assistant to=functions.add\u0001<|message|>{\"a\":2}", true)]
    [InlineData(" to=functions.other\u0001<|channel|>commentary json\u0001<|message|>{}", false)]
    public void Compile_Harmony_ArgumentsAreMessages(string text, bool allowed) => Assert.Equal(allowed, Accepts(s_marked with { IsHarmony = true }, text));

    [Fact]
    public void Compile_ManyTools_StaysSmall()
    {
        CallTool[] tools = [.. Enumerable.Range(0, 128).Select(i => new CallTool($"function_with_a_long_name_{i}", null))];
        Assert.InRange(CompiledGrammar.OfCalls(s_marked with { Tools = tools, HasNamedCalls = true, Thoughts = ThoughtMarks.Tags }).Nodes.Count, 1, GrammarLimits.Nodes / 2);
    }

    private static bool Accepts(CallSyntax syntax, string text)
    {
        PushdownAutomaton automaton = GrammarText.Automaton(CompiledGrammar.OfCalls(syntax));
        byte[] bytes = [.. text.SelectMany((c, i) => c == Control ? [TriggerAutomaton.Control] : char.IsLowSurrogate(c) ? [] : Encoding.UTF8.GetBytes(text.Substring(i, char.IsHighSurrogate(c) ? 2 : 1)))];
        return GrammarText.Accepts(automaton, bytes);
    }
}
