using Konko.Server.Generation.Tools;

namespace Konko.Server.Tests.Support;

/// <summary>What models of each dialect write, and what must come of it.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Dialect">The dialect.</param>
/// <param name="Answer">What the model writes; the dialect's markup is special tokens.</param>
/// <param name="Content">The text that is to be shown.</param>
/// <param name="Calls">The calls, as <c>name(arguments)</c>.</param>
internal sealed record ToolAnswers(string Name, ToolDialect Dialect, string Answer, string Content, params string[] Calls)
{
    /// <summary>The tools of the requests.</summary>
    public static readonly string[] Tools = ["get_weather", "add"];

    /// <summary>Markup that is special tokens, of all dialects; the rest of it is text.</summary>
    public static readonly string[] Markup =
    [
        "<|python_tag|>", "[TOOL_CALLS]", "[ARGS]", "[CALL_ID]", "<|tool_call|>", "<|/tool_call|>", "<|start|>", "<|channel|>", "<|message|>", "<|constrain|>", "<|call|>", "<|end|>",
        "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>", "｜DSML｜", "<|START_ACTION|>", "<|END_ACTION|>", "<|tool_call>", "<tool_call|>", "<|\"|>",
    ];

    private const string Paris = """{"city": "Paris", "note": "a \"b\" {c} [d] 日本 🙂"}""";
    private const string Sum = """{"a":1,"b":[-2.5e3,null,true]}""";

    public static IReadOnlyList<ToolAnswers> All { get; } =
    [
        new("hermes", ToolDialect.Hermes, $$"""<tool_call>{{"\n"}}{"name": "get_weather", "arguments": {{Paris}}}{{"\n"}}</tool_call>""", "", $"get_weather({Paris})"),
        new("hermes-parallel", ToolDialect.Hermes,
            $$"""Let me see.{{"\n\n"}}<tool_call>{"name": "get_weather", "arguments": {{Paris}}}</tool_call>{{"\n"}}<tool_call>{"arguments": {{Sum}}, "name": "add"}</tool_call>""",
            "Let me see.", $"get_weather({Paris})", $"add({Sum})"),
        new("hermes-then-text", ToolDialect.Hermes, """<tool_call>{"name":"add"}</tool_call> Done.""", " Done.", "add({})"),
        new("hermes-list", ToolDialect.Hermes, $$$"""<tool_call>[{"name":"add","arguments":{{{Sum}}}}, {"name":"add","arguments":{}}]</tool_call>""", "", $"add({Sum})", "add({})"),
        new("hermes-unclosed", ToolDialect.Hermes, $$"""<tool_call>{"name":"add","arguments":{{Sum}}</tool_call>""", "", $"add({Sum})"),
        new("hermes-string", ToolDialect.Hermes, """<tool_call>{"name":"add","arguments":"{\"a\": \"\u00e9\ud83d\ude42\\n\"}"}</tool_call>""", "", """add({"a": "é🙂\n"})"""),
        new("hermes-line-break", ToolDialect.Hermes, "<tool_call>{\"name\":\"add\",\"arguments\":{\"a\":\"x\ny\"}}</tool_call>", "", """add({"a":"x\ny"})"""),
        new("hermes-null", ToolDialect.Hermes, """<tool_call>{"name":"add","arguments":null}</tool_call>""", "", "add({})"),
        new("hermes-any-name", ToolDialect.Hermes, """<tool_call>{"name":"other","arguments":{}}</tool_call>""", "", "other({})"),
        new("hermes-no-call", ToolDialect.Hermes, "a < b <tool> <tool_call> <tool_call>[1] {\"name\":\"add\"}", "a < b <tool> <tool_call> <tool_call>[1] {\"name\":\"add\"}"),
        new("llama", ToolDialect.Llama, $$"""{"name": "get_weather", "parameters": {{Paris}}}""", "", $"get_weather({Paris})"),
        new("llama-type", ToolDialect.Llama, $$"""{"type": "function", "name": "add", "parameters": {{Sum}}}""", "", $"add({Sum})"),
        new("llama-function", ToolDialect.Llama, $$$"""{"type": "function", "function": {"name": "add", "arguments": {{{Sum}}}}}""", "", $"add({Sum})"),
        new("llama-several", ToolDialect.Llama, $$"""{"name": "add", "parameters": {{Sum}}}; {"name": "get_weather", "parameters": {{Paris}}}""", "", $"add({Sum})", $"get_weather({Paris})"),
        new("llama-tag", ToolDialect.Llama, $$"""<|python_tag|>{"name": "other", "parameters": {{Sum}}}""", "", $"other({Sum})"),
        new("llama-code", ToolDialect.Llama, """<|python_tag|>print({"name": 1})""", """print({"name": 1})"""),
        new("llama-json", ToolDialect.Llama, """{"name": "Bob", "parameters": {}}""", """{"name": "Bob", "parameters": {}}"""),
        new("mistral", ToolDialect.Mistral, $$"""[TOOL_CALLS][{"name": "get_weather", "arguments": {{Paris}}}, {"name": "add", "arguments": {{Sum}}}]""", "", $"get_weather({Paris})", $"add({Sum})"),
        new("mistral-arguments", ToolDialect.Mistral, $"Yes.[TOOL_CALLS]get_weather[ARGS]{Paris}[TOOL_CALLS]add[CALL_ID]a1B2c3D4e[ARGS]{Sum}", "Yes.", $"get_weather({Paris})", $"add({Sum})"),
        new("mistral-bare-name", ToolDialect.Mistral, $"[TOOL_CALLS]add{Sum}", "", $"add({Sum})"),
        new("mistral-no-call", ToolDialect.Mistral, "[TOOL_CALLS]nothing else", "nothing else"),
        new("listed", ToolDialect.Listed, $$"""<|tool_call|>[{"name": "get_weather", "arguments": {{Paris}}}]<|/tool_call|>""", "", $"get_weather({Paris})"),
        new("listed-granite", ToolDialect.Listed, $$"""<tool_call>[{"arguments": {{Sum}}, "name": "add"}, {"name": "add", "arguments": {{Sum}}}]""", "", $"add({Sum})", $"add({Sum})"),
        new("harmony", ToolDialect.Harmony, $"<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{Paris}<|call|>", "", $"get_weather({Paris})"),
        new("harmony-recipient", ToolDialect.Harmony, $" to=functions.add<|channel|>commentary json<|message|>{Sum}<|call|>", "", $"add({Sum})"),
        new("harmony-preamble", ToolDialect.Harmony, $"<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>commentary to=functions.add <|constrain|>json<|message|>{Sum}<|call|>", "I look.", $"add({Sum})"),
        new("harmony-text", ToolDialect.Harmony, "<|channel|>final<|message|>No need to=functions.", "No need to=functions."),
        new("tagged", ToolDialect.Tagged,
            "I look.\n<tool_call>\n<function=get_weather>\n<parameter=city>\nParis \"<b>\"\n\n</para\n</parameter>\n<parameter=days>\n3\n</parameter>\n<parameter=deep>\n{\"a\": [1, \"日本\"]}\n</parameter>\n</function>\n</tool_call>", "I look.",
            """get_weather({"city": "Paris \"<b>\"\n\n</para", "days": 3, "deep": {"a": [1, "日本"]}})"""),
        new("tagged-without-opener", ToolDialect.Tagged, "<function=add>\n<parameter=a>\n-1.5e3\n</parameter>\n<parameter=b>\nTrue\n</parameter>\n<parameter=c>\n007\n</parameter>\n</function>", "", """add({"a": -1.5e3, "b": true, "c": "007"})"""),
        new("tagged-parallel", ToolDialect.Tagged, "<tool_call>\n<function=add>\n</function>\n</tool_call>\n<tool_call>\n<function=other>\n<parameter=x>\n</parameter>\n</function>\n</tool_call>", "", "add({})", """other({"x": ""})"""),
        new("tagged-object", ToolDialect.Tagged, $"<function=get_weather>{Paris}</function> Done.", " Done.", $"get_weather({Paris})"),
        new("tagged-hermes", ToolDialect.Tagged, $$"""<tool_call>{"name": "add", "arguments": {{Sum}}}</tool_call>""", "", $"add({Sum})"),
        new("tagged-no-call", ToolDialect.Tagged, "a <function= b <function=> <parameter=c>", "a <function= b <function=> <parameter=c>"),
        new("deepseek", ToolDialect.DeepSeek,
            $"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n{Paris}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n{Sum}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "",
            $"get_weather({Paris})", $"add({Sum})"),
        new("deepseek-newer", ToolDialect.DeepSeek, $"Yes.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{Sum}<｜tool▁call▁end｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{{}}<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "Yes.", $"add({Sum})", "add({})"),
        new("deepseek-function", ToolDialect.DeepSeek, $"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{Sum}<｜tool▁call▁end｜>", "", $"function({Sum})"),
        new("deepseek-no-call", ToolDialect.DeepSeek, "<｜tool▁calls▁begin｜>nothing", "nothing"),
        new("markup", ToolDialect.Markup,
            "<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"get_weather\">\n<｜DSML｜parameter name=\"city\" string=\"true\">Paris\n\"<x>\"</｜DSML｜parameter>\n<｜DSML｜parameter name=\"days\" string=\"false\">[3, null]</｜DSML｜parameter>\n</｜DSML｜invoke>\n<｜DSML｜invoke name=\"add\">\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>", "",
            """get_weather({"city": "Paris\n\"<x>\"", "days": [3, null]})""", "add({})"),
        new("markup-text", ToolDialect.Markup, "a < b, </b> and <i>", "a < b, </b> and <i>"),
        new("cohere", ToolDialect.Cohere,
            $$"""I will look.<|START_ACTION|>[{{"\n"}}    {"tool_call_id": "0", "tool_name": "get_weather", "parameters": {{Paris}}},{{"\n"}}    {"tool_call_id": "1", "tool_name": "add", "parameters": {{Sum}}}{{"\n"}}]<|END_ACTION|>""", "I will look.",
            $"get_weather({Paris})", $"add({Sum})"),
        new("cohere-older", ToolDialect.Cohere, $$"""Action: ```json{{"\n"}}[{{"\n"}}{ "tool_name": "add", "parameters": {{Sum}} }{{"\n"}}]{{"\n"}}```""", "", $"add({Sum})"),
        new("cohere-text", ToolDialect.Cohere, "Action: none.", "Action: none."),
        new("gemma", ToolDialect.Gemma, "```tool_code\nget_weather(city='Par\\'is \"x\"', days=3, deep={'a': [1, None, True,], \"b\": \"\\u00e9\\n\"})\n```", "", """get_weather({"city": "Par'is \"x\"", "days": 3, "deep": {"a": [1, null, true], "b": "\u00e9\n"}})"""),
        new("gemma-several", ToolDialect.Gemma, "So:\n```tool_code\nprint(default_api.add(a = 1))\nadd()\n```\nDone.", "So:\nDone.", "add({\"a\": 1})", "add({})"),
        new("gemma-code", ToolDialect.Gemma, "```tool_code\nprint(1)\n```", "```tool_code\nprint(1)\n```"),
        new("gemma-json", ToolDialect.Gemma, $$"""```json{{"\n"}}{"name": "add", "arguments": {{Sum}}}{{"\n"}}```""", "", $"add({Sum})"),
        new("bare", ToolDialect.Bare, "<|tool_call>call:get_weather{city:<|\"|>Paris \"b\" <| \\<|\"|>,days:-3,deep:{a:[1,<|\"|>日本<|\"|>,null],<|\"|>b c<|\"|>:true},empty:[]}<tool_call|><|tool_call>call:add{}<tool_call|>", "",
            """get_weather({"city": "Paris \"b\" <| \\", "days": -3, "deep": {"a": [1, "日本", null], "b c": true}, "empty": []})""", "add({})"),
        new("bare-word", ToolDialect.Bare, "Hm.<|tool_call>call:add{a:blue,b:1.}<tool_call|>", "Hm.", """add({"a": "blue", "b": "1."})"""),
        new("bare-no-call", ToolDialect.Bare, "<|tool_call>answer:{}", "answer:{}"),
        new("generic", ToolDialect.Generic, $$"""{"name": "get_weather", "arguments": {{Paris}}}""", "", $"get_weather({Paris})"),
        new("generic-list", ToolDialect.Generic, $$""" [{"name":"add","arguments":{{Sum}}},{"name":"get_weather","arguments":{{Paris}}}]""", "", $"add({Sum})", $"get_weather({Paris})"),
        new("generic-fence", ToolDialect.Generic, $$"""```json{{"\n"}}{"name": "add", "arguments": {{Sum}}}{{"\n"}}```""", "", $"add({Sum})"),
        new("generic-tag", ToolDialect.Generic, $$"""Well: <tool_call>[{"name": "add", "arguments": {{Sum}}}]</tool_call>""", "Well:", $"add({Sum})"),
        new("generic-text-after", ToolDialect.Generic, """{"name":"add","arguments":{}}, {"name": 3}""", """, {"name": 3}""", "add({})"),
        new("generic-other-json", ToolDialect.Generic, """{"city": "Paris", "name": "add"}""", """{"city": "Paris", "name": "add"}"""),
        new("generic-later-json", ToolDialect.Generic, """So: {"name": "add", "arguments": {}}""", """So: {"name": "add", "arguments": {}}"""),
        new("generic-code", ToolDialect.Generic, "```python\nprint(1)\n```", "```python\nprint(1)\n```"),
        new("generic-cut", ToolDialect.Generic, """{"name": "add", """, """{"name": "add", """),
        new("generic-blank", ToolDialect.Generic, " \n\n", " \n\n"),
        new("malformed", ToolDialect.Hermes, """<tool_call>{"name": "add", "arguments": {"a": oops}}</tool_call>""", """}}</tool_call>""", """add({"a": oops)"""),
    ];

    public override string ToString() => Name;
}
