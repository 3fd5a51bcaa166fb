using System.Text.Json;
using Konko.Engine.Grammar;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Server.Api.Tools;
using Konko.Server.Api.Validation;
using Konko.Server.Generation;
using Konko.Server.Generation.Text;
using Konko.Server.Generation.Tools;
using Konko.Server.Providers;
using Konko.Server.Providers.Local;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Providers.Local;

/// <summary>Strict functions where the model calls as it sees fit: whatever it writes, no call comes out whose arguments break the schema.</summary>
public sealed class StrictCallsTests
{
    private const string Request = """
        {"tools":[{"type":"function","function":{"name":"get_weather","strict":true,"parameters":{"type":"object","properties":{"city":{"type":"string","maxLength":8},"unit":{"enum":["c","f"]}},"required":["city","unit"]}}},
                  {"type":"function","function":{"name":"add","strict":true,"parameters":{"type":"object","properties":{"a":{"type":"integer"}},"additionalProperties":false}}}]}
        """;

    // What a call may be taken apart into and put together to again.
    private static readonly string[] s_fragments =
    [
        "{", "}", "[", "]", ",", ";", ":", " ", "\n", "\"", "\"name\"", "\"n\\u0061me\"", "\"arguments\"", "\"parameters\"", "\"function\"", "\"type\"", "\"get_weather\"", "\"add\"", "\"\\u0061dd\"", "\"other\"",
        "{\"a\":1}", "{\"a\":\"x\"}", "{\"city\":\"Paris\",\"unit\":\"c\"}", "{}", "\"{\\\"a\\\":1}\"", "null", "{\"name\":\"add\",\"arguments\":", "{\"arguments\":{\"b\":2},\"name\":\"add\"}",
        "{\"type\":\"function\",\"name\":\"add\",\"arguments\":{\"b\":2}}", "{\"function\":{\"name\":\"add\",\"arguments\":{\"b\":2}}}", "```json\n", "```", "<tool_call>", "</tool_call>", "<tool", "_call>",
        "to=functions.add", "to=functions.other", "commentary", "analysis", "final", "json", "assistant", "I say", "日本🙂", "<think>", "</think>", "<thi", "nk>",
    ];

    private static readonly ToolOptions s_tools = Tools();

    public static TheoryData<ToolDialect, string> Kinds
    {
        get
        {
            var data = new TheoryData<ToolDialect, string>();
            foreach (ToolDialect dialect in Enum.GetValues<ToolDialect>())
                foreach (string thoughts in (string[])["none", "tags", "begun", "channels"]) data.Add(dialect, thoughts);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Compile_WhateverIsWritten_CallsKeepTheirSchema(ToolDialect dialect, string thoughts)
    {
        string[] controls = dialect == ToolDialect.Harmony || thoughts == "channels" ? ToolAnswers.Markup : [.. ToolAnswers.Markup.Except(["<|channel|>"])];
        string[] words = thoughts is "tags" or "begun" ? ["<think>", "</think>"] : ["{\"name", "\": \""];
        var tokenizer = new MarkedTokenizer(controls, words);
        List<int> prompt = tokenizer.Cut(thoughts == "begun" ? "Hello<think>" : "Hello");
        Assert.Null(StrictCalls.Compile(s_tools, dialect, ThoughtParser.MarksOf(tokenizer, prompt), out CompiledGrammar? grammar));
        var start = new TokenGrammar(grammar!, GrammarVocabulary.Create(tokenizer)).Start;
        string[] answers = [.. ToolAnswers.All.Where(answer => answer.Dialect == dialect).Select(answer => answer.Answer)];
        var random = new Random(dialect.GetHashCode() * 7 + thoughts.Length);
        int calls = 0;
        for (int round = 0; round < GateScale.Of(100, 1000); round++)
        {
            List<int> ids = Walk(start, tokenizer, random, answers, thoughts == "begun" ? "hm</think>" : "");
            calls += CheckCalls(tokenizer, prompt, dialect, ids);
        }

        // No model has both: on channels the mark stands where a head may.
        Assert.True(calls > (dialect == ToolDialect.Markup && thoughts == "channels" ? 0 : 10), $"{calls} calls");
    }

    [Fact]
    public void Compile_SchemaThatCannotBeKept_IsNamed()
    {
        using JsonDocument body = JsonDocument.Parse("""{"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"properties":{"a":{"type":"array","uniqueItems":true}}}}}]}""");
        ToolOptions tools = ToolParser.Parse(new Parameters(body.RootElement))!;
        Assert.Equal("tools[0].function.parameters", StrictCalls.Compile(tools, ToolDialect.Generic, default, out _)!.Param);
    }

    private static ToolOptions Tools()
    {
        using JsonDocument body = JsonDocument.Parse(Request);
        return ToolParser.Parse(new Parameters(body.RootElement))!;
    }

    /// <summary>An answer of a model that wants to break the schema: where it may not, it takes any token that it may.</summary>
    private static List<int> Walk(GrammarState state, MarkedTokenizer tokenizer, Random random, string[] answers, string lead)
    {
        List<int> ids = tokenizer.Cut(lead);
        foreach (int id in ids) state = state.Accept(id)!;
        var mask = new ulong[(tokenizer.VocabularySize + 63) / 64];
        int length = random.Next(1, 120);
        while (ids.Count < length)
        {
            string wanted = random.Next(4) == 0 ? answers[random.Next(answers.Length)] : random.Next(5) == 0 ? tokenizer.Literal(random.Next(257, tokenizer.VocabularySize)) : s_fragments[random.Next(s_fragments.Length)];
            foreach (int id in tokenizer.Cut(wanted))
            {
                if (state.Accept(id) is not { } next) break;
                state = next;
                ids.Add(id);
            }

            if (random.Next(2) == 0) Step(id => random.Next());
        }

        // To its end by the shortest way, as far as bytes show it.
        for (int i = 0; !state.IsAccepting && i < 400; i++) Step(id => -state.Accept(id)!.Distance);
        Assert.True(state.IsAccepting);
        ids.Add(MarkedTokenizer.Eos);
        return ids;

        void Step(Func<int, int> worth)
        {
            state.WriteMask(mask);
            int[] allowed = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => id != MarkedTokenizer.Eos && (mask[id >> 6] >> (id & 63) & 1) != 0)];
            Assert.True(allowed.Length > 0 || state.IsAccepting);
            if (allowed.Length == 0) return;
            int best = allowed.MaxBy(worth);
            ids.Add(best);
            state = state.Accept(best)!;
        }
    }

    private static int CheckCalls(MarkedTokenizer tokenizer, List<int> prompt, ToolDialect dialect, List<int> ids)
    {
        var request = new ProviderRequest
        {
            Model = "m", Prompt = new ChatPrompt([new ChatMessage("user", null)]) { Tools = s_tools }, Sampling = new SamplingParameters(), Clock = RequestClock.Start(TimeProvider.System),
        };
        var assembler = new AnswerAssembler(request, tokenizer, prompt, dialect);
        var events = new List<GenerationEvent>();
        for (int i = 0; i < ids.Count; i++) assembler.Take(new TokenGenerated(0, new SampledToken(ids[i], 0, null), i == ids.Count - 1 ? EndReason.EndOfGeneration : null), events);
        var calls = new SortedDictionary<int, (string Name, string Arguments)>();
        foreach (ToolCallDelta delta in events.OfType<ChoiceAdvanced>().SelectMany(advanced => advanced.Calls))
            calls[delta.Index] = calls.TryGetValue(delta.Index, out (string Name, string Arguments) call) ? (call.Name, call.Arguments + delta.Arguments) : (delta.Name!, delta.Arguments);
        foreach ((string name, string arguments) in calls.Values)
            Assert.True(Keeps(name, arguments), $"{dialect}: {name}({arguments}) in {string.Concat(ids.Select(tokenizer.Literal))}");
        return calls.Count;
    }

    private static bool Keeps(string name, string arguments)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(arguments);
            JsonProperty[] members = [.. document.RootElement.EnumerateObject()];
            return name switch
            {
                "add" => members is [] or [{ Name: "a", Value.ValueKind: JsonValueKind.Number }],
                "get_weather" => members is [{ Name: "city", Value.ValueKind: JsonValueKind.String }, { Name: "unit" }] && members[1].Value.GetString() is "c" or "f",
                _ => false,
            };
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
