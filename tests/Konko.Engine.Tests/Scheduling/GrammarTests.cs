using System.Text;
using System.Text.Json;
using Konko.Engine.Grammar;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Engine.Tests.Grammar;

namespace Konko.Engine.Tests.Scheduling;

public sealed class GrammarTests
{
    private const string Pieces = "{}\":,[] -";

    private static readonly string[] s_texts =
        ["", .. Pieces.Select(c => c.ToString()), .. Enumerable.Range('a', 26).Select(c => ((char)c).ToString()), .. Enumerable.Range(0, 10).Select(d => d.ToString(System.Globalization.CultureInfo.InvariantCulture)), "name", "{\""];

    private static readonly GrammarVocabulary s_vocabulary = new([.. s_texts.Select(Encoding.UTF8.GetBytes)], [FakeModel.EndToken], Encode);

    private const string Schema = """
        {"type":"object","properties":{"name":{"type":"string","pattern":"^[a-z]{1,4}$"},"count":{"type":"integer","minimum":10,"maximum":99},"kind":{"enum":["red","green"]}},"required":["name","count","kind"],"additionalProperties":false}
        """;

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Step_UnderAGrammar_GivesWhatSatisfiesIt(float temperature)
    {
        var grammar = new TokenGrammar(GrammarText.Schema(Schema), s_vocabulary);
        for (int seed = 0; seed < 8; seed++)
        {
            string[] texts = Run(Request(grammar, temperature, seed, choices: 3), StepHarness.Options(), out _);
            foreach (string text in texts)
            {
                using JsonDocument document = JsonDocument.Parse(text);
                Assert.InRange(document.RootElement.GetProperty("count").GetInt32(), 10, 99);
                Assert.Contains(document.RootElement.GetProperty("kind").GetString(), (string[])["red", "green"]);
            }
        }
    }

    /// <summary>Drafts, little memory, chunks and logprobs change when tokens come, not which.</summary>
    [Fact]
    public void Step_UnderAGrammar_IsTheSameHoweverItIsRun()
    {
        var grammar = new TokenGrammar(GrammarText.Schema(Schema), s_vocabulary);
        for (int seed = 0; seed < 6; seed++)
        {
            GenerationRequest request = Request(grammar, 1f, seed, choices: 2);
            string[] expected = Run(request, StepHarness.Options(), out int steps);
            Assert.Equal(expected, Run(request, StepHarness.Options() with { DraftTokens = 4 }, out _));
            Assert.Equal(expected, Run(request, StepHarness.Options(pages: 6), out _));
            Assert.Equal(expected, Run(request, StepHarness.Options() with { PrefillChunk = 3 }, out _));
            Assert.Equal(expected, Run(request with { Sampling = request.Sampling with { TopLogProbs = 1 } }, StepHarness.Options(), out int stepsWithLogProbs));
            Assert.True(steps < stepsWithLogProbs, $"{steps} steps with forced tokens, {stepsWithLogProbs} without.");
        }
    }

    [Fact]
    public void Step_GrammarThatTheTextSatisfies_ChangesNothing()
    {
        var grammar = new TokenGrammar(CompiledGrammar.OfRegex("[^#]*"), s_vocabulary);
        for (int seed = 0; seed < 8; seed++)
        {
            GenerationRequest request = Request(null, 1f, seed, choices: 2);
            // Tokens from here on have no text, which no grammar allows.
            request = request with { Sampling = request.Sampling with { LogitBias = new Dictionary<int, float> { [FakeModel.FirstRareToken + 7] = -100f } } };
            Assert.Equal(Run(request, StepHarness.Options(), out _), Run(request with { Grammar = grammar }, StepHarness.Options(), out _));
        }
    }

    private static GenerationRequest Request(TokenGrammar? grammar, float temperature, int seed, int choices) => new()
    {
        Prompt = [3, 1, 4, 1, 5],
        MaxTokens = 120,
        Choices = choices,
        Sampling = new SamplingParameters { Temperature = temperature, Seed = seed },
        Grammar = grammar,
    };

    private static string[] Run(GenerationRequest request, SchedulerOptions options, out int steps)
    {
        using var harness = new StepHarness(options);
        var texts = Enumerable.Range(0, request.Choices).Select(_ => new StringBuilder()).ToArray();
        var state = new RequestState(request, [.. request.Prompt], harness.Time.GetTimestamp());
        Assert.Null(harness.Queue.TryAdd(state));
        harness.RunToEnd();
        while (state.Outputs.TryRead(out GenerationOutput? output))
        {
            if (output is TokenGenerated token && token.Token.Id < s_texts.Length) texts[token.Choice].Append(s_texts[token.Token.Id]);
        }

        Assert.True(state.Outputs.Completion.IsCompletedSuccessfully, state.Outputs.Completion.Exception?.ToString());
        harness.AssertNoPageLost();
        steps = harness.Steps;
        return [.. texts.Select(text => text.ToString())];
    }

    private static List<int> Encode(string text)
    {
        var tokens = new List<int>();
        for (int at = 0; at < text.Length; at += s_texts[tokens[^1]].Length)
            tokens.Add(Enumerable.Range(1, s_texts.Length - 1).Where(id => string.CompareOrdinal(text, at, s_texts[id], 0, s_texts[id].Length) == 0).MaxBy(id => s_texts[id].Length));
        return tokens;
    }
}
