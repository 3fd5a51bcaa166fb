using System.Text.Json;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Server.Providers;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Api.Answers;

public sealed class BestOfTests
{
    // The model's own mean log-probabilities of the choices: -3, -1, none (it ends at once), -2, -1.
    private static readonly float[] s_scores = [-3, -1, 0, -2, -1];
    private static readonly string[] s_words = ["a", "E", "", "N", "D"];

    [Fact]
    public async Task Post_MoreCandidatesThanChoices_KeepsTheBestByMeanLogprobAndCountsAll()
    {
        JsonElement whole = await PostAsync(""" "prompt":"x","n":3,"best_of":5,"seed":1 """);

        Assert.Equal(["EE", "DD", "NN"], Texts(whole));
        Assert.Equal([0, 1, 2], whole.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.All(whole.GetProperty("choices").EnumerateArray(), choice => Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").ValueKind));
        Assert.Equal(13, whole.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_LogprobsAndEchoAsked_BothCome()
    {
        JsonElement whole = await PostAsync(""" "prompt":"x","best_of":5,"logprobs":0,"echo":true """);

        Assert.Equal(["xEE"], Texts(whole));
        Assert.Equal(["x", "E", "E"], whole.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
    }

    [Fact]
    public async Task Post_SeveralPrompts_EachHasItsBest()
        => Assert.Equal(["EE", "DD", "EE", "DD"], Texts(await PostAsync(""" "prompt":["x","y"],"n":2,"best_of":5 """)));

    private static async Task<JsonElement> PostAsync(string members)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ScriptedProvider(Outputs));
        using HttpResponseMessage response = await host.PostAsync("/v1/completions", $$"""{"model":"{{ApiHost.Model}}",{{members.Trim()}}}""");
        Assert.True(response.IsSuccessStatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    private static string[] Texts(JsonElement whole) => [.. whole.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("text").GetString()!)];

    /// <summary>Two tokens and an end from each candidate, side by side; the third ends at once.</summary>
    private static IEnumerable<GenerationOutput> Outputs(ProviderRequest request)
    {
        Assert.Equal((5, 0), (request.Choices, request.Sampling.TopLogProbs));
        yield return new GenerationStarted(0, TimeSpan.Zero);
        if (request.Echo) yield return new PromptScored([null]);
        for (int i = 0; i < 3; i++)
        {
            for (int choice = 0; choice < request.Choices; choice++)
            {
                if (choice == 2 && i > 0) continue;
                bool ends = i == 2 || choice == 2;
                int id = ends ? ByteTokenizer.Eos : ByteTokenizer.Word(s_words[choice]);
                // What a token was drawn with says nothing about how good it is: the worst has the best of it.
                yield return new TokenGenerated(choice, new SampledToken(id, s_scores[choice] == -3 ? -0.01f : -5, new TokenLogProbs(new(id, s_scores[choice]), [])), ends ? EndReason.EndOfGeneration : null);
            }
        }
    }
}
