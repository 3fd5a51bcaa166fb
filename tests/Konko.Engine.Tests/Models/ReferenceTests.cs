using System.Text.Json;
using Konko.Engine.Cache;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Models;

/// <summary>The engine against data of independent programs.</summary>
[Trait("Gate", "reference")]
public sealed class ReferenceTests(ITestOutputHelper output)
{
    [Fact]
    public void Forward_SmolLM2_StaysWithinTheBoundsOfTheDoublePrecisionReference()
    {
        using CausalModel model = Logits.Load(Repository.SmolLM2);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Repository.Reference("smollm2-logits.json")!));
        double divergence = 0, own = 0, reference = 0;
        int count = 0, same = 0;
        foreach (JsonElement text in json.RootElement.EnumerateArray())
        {
            int[] tokens = [.. text.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
            float[][] logits = Logits.Of(model, tokens, 512);
            JsonElement top = text.GetProperty("top"), next = text.GetProperty("next_logprob");
            for (int i = 0; i < top.GetArrayLength(); i++)
            {
                double[] logProbs = Logits.LogProbs(logits[i]);
                (double kl, bool best) = Compare(logProbs, top[i]);
                divergence += kl;
                same += best ? 1 : 0;
                count++;
                if (i >= next.GetArrayLength()) continue;
                own += logProbs[tokens[i + 1]];
                reference += next[i].GetDouble();
            }
        }

        double perplexity = Math.Exp((reference - own) / (count - json.RootElement.GetArrayLength()));
        output.WriteLine($"mean KL {divergence / count:F5}, same best token {100.0 * same / count:F2} %, perplexity ratio {perplexity:F5} over {count} positions");
        Assert.InRange(divergence / count, 0, 0.0032);
        Assert.InRange(same / (double)count, 0.96, 1);
        Assert.InRange(perplexity, 0.99, 1.01);
    }

    [Theory]
    [InlineData("llama", 1e-4)]
    [InlineData("llama-tied-freqs", 1e-4)]
    [InlineData("llama-linear", 1e-4)]
    [InlineData("llama-yarn", 1e-4)]
    [InlineData("llama-spm-mistral", 1e-4)]
    [InlineData("llama-f16", 1e-4)]
    [InlineData("llama-bf16", 1e-4)]
    [InlineData("mixtral", 1e-4)]
    [InlineData("qwen2", 1e-4)]
    [InlineData("qwen3", 1e-4)]
    [InlineData("qwen3moe", 1e-4)]
    [InlineData("gemma2", 1e-3)]
    [InlineData("gemma3", 1e-3)]
    [InlineData("phi3", 1e-4)]
    [InlineData("phi3-longrope", 1e-4)]
    [InlineData("smollm3", 1e-4)]
    [InlineData("olmo2", 1e-4)]
    [InlineData("gpt-oss", 1e-4)]
    [InlineData("granite", 1e-4)]
    public void Forward_TinyFloatModel_GivesTheReferencesLogProbabilities(string name, double bound)
    {
        double worst = 0;
        ForEachPosition(name, (logProbs, top) =>
        {
            JsonElement ids = top.GetProperty("ids"), expected = top.GetProperty("logprobs");
            for (int k = 0; k < ids.GetArrayLength(); k++) worst = Math.Max(worst, Math.Abs(logProbs[ids[k].GetInt32()] - expected[k].GetDouble()));
        });
        output.WriteLine($"{name}: worst difference of a log-probability {worst:E2}");
        Assert.InRange(worst, 0, bound);
    }

    [Theory]
    [InlineData("llama-q4_0")]
    [InlineData("llama-q4_1")]
    [InlineData("llama-q8_0")]
    [InlineData("llama-q5_0")]
    [InlineData("llama-q5_1")]
    [InlineData("llama-q2_k")]
    [InlineData("llama-q3_k_m")]
    [InlineData("llama-q4_k_m")]
    [InlineData("llama-q5_k_m")]
    [InlineData("llama-q6_k")]
    [InlineData("llama-iq4_nl")]
    [InlineData("llama-iq4_xs")]
    public void Forward_TinyQuantisedModel_StaysCloseToItsFloatModel(string name)
    {
        double divergence = 0;
        int count = 0;
        ForEachPosition(name, (logProbs, top) =>
        {
            divergence += Compare(logProbs, top).Divergence;
            count++;
        });
        output.WriteLine($"{name}: mean KL {divergence / count:F6} over {count} positions");
        Assert.InRange(divergence / count, 0, 0.0006);
    }

    private static void ForEachPosition(string name, Action<double[], JsonElement> visit)
    {
        string? path = Repository.Reference("tiny", name + ".gguf"), data = Repository.Reference("tiny", "reference.json");
        Assert.SkipWhen(path is null || data is null, $"The reference data of {name} is not there.");
        // The reference kept keys and values in float32.
        using CausalModel model = Logits.Load(path!, kvType: KvType.Float32);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(data!));
        foreach (JsonElement text in json.RootElement.GetProperty(name).EnumerateArray())
        {
            int[] tokens = [.. text.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
            float[][] logits = Logits.Of(model, tokens, 512);
            JsonElement top = text.GetProperty("top");
            Assert.True(top.GetArrayLength() > 0);
            for (int i = 0; i < top.GetArrayLength(); i++) visit(Logits.LogProbs(logits[i]), top[i]);
        }
    }

    /// <summary>Divergence of the model from the reference over the listed best tokens and the rest taken as one, and whether the best token is the same.</summary>
    private static (double Divergence, bool SameBest) Compare(double[] logProbs, JsonElement top)
    {
        JsonElement ids = top.GetProperty("ids"), expected = top.GetProperty("logprobs");
        double divergence = 0, restExpected = 1, rest = 1;
        for (int k = 0; k < ids.GetArrayLength(); k++)
        {
            double p = Math.Exp(expected[k].GetDouble()), q = logProbs[ids[k].GetInt32()];
            divergence += p * (expected[k].GetDouble() - q);
            restExpected -= p;
            rest -= Math.Exp(q);
        }

        if (restExpected > 1e-9) divergence += restExpected * Math.Log(restExpected / Math.Max(rest, 1e-12));
        int best = Array.IndexOf(logProbs, logProbs.Max());
        return (divergence, best == ids[0].GetInt32());
    }
}
