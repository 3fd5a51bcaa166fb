using Konko.Engine.Cache;
using Konko.Engine.Models;
using Konko.Engine.Scheduling;
using Konko.Engine.Tests.Models;

namespace Konko.Engine.Tests.Scheduling.Drafting;

/// <summary>Real models with and without drafts: tokens, their probabilities and the alternatives are the same to the bit.</summary>
[Trait("Gate", "invariance")]
public sealed class ModelDraftingTests
{
    [Theory]
    [InlineData("llama")]
    [InlineData("llama-q4_1")]
    [InlineData("qwen3")]
    [InlineData("gemma3")]
    [InlineData("gpt-oss")]
    public void Answers_TinyModel_AreTheSameWithoutDrafts(string name)
    {
        using CausalModel model = ForwardInvarianceTests.Load(name, threads: 2, KvType.BFloat16);
        GenerationRequest[] requests = EchoRequests.Make(GateScale.Of(24, 200), seed: 3, maxPrompt: 90, maxTokens: 60, model.VocabularySize);
        long drafted = 0, accepted = 0;
        foreach (GenerationRequest request in requests)
        {
            string plain = Run(model, 0, out _, request)[0];
            Assert.Equal(plain, Run(model, 15, out SchedulerMetrics metrics, request)[0]);
            drafted += metrics.DraftedTokens;
            accepted += metrics.AcceptedTokens;
        }

        Assert.True(accepted > 50 && drafted - accepted > 50, $"{accepted} of {drafted} drafted tokens accepted");
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.7f)]
    [InlineData(1.2f)]
    public void Answers_SmolLM2RepeatsAPassage_AreTheSameWithoutDrafts(float temperature)
    {
        using CausalModel model = Logits.Load(Repository.SmolLM2);
        int[] passage = ForwardInvarianceTests.Tokens(4, 24, model.VocabularySize);
        GenerationRequest[] requests =
        [
            .. Enumerable.Range(0, GateScale.Of(2, 12)).Select(i => new GenerationRequest
            {
                Prompt = [.. passage, .. passage, .. passage[..(8 + i)]],
                MaxTokens = 40,
                Choices = 1 + i % 2,
                Sampling = new() { Seed = i, Temperature = temperature, TopP = 0.9f, TopLogProbs = 2, RepetitionPenalty = i % 3 == 2 ? 1.1f : 1 },
            }),
        ];

        string[] plain = [.. requests.Select(request => Run(model, 0, out _, request)[0])];
        long drafted = 0, accepted = 0;
        for (int i = 0; i < requests.Length; i++)
        {
            Assert.Equal(plain[i], Run(model, 15, out SchedulerMetrics metrics, requests[i])[0]);
            drafted += metrics.DraftedTokens;
            accepted += metrics.AcceptedTokens;
        }

        Assert.True(accepted > 0, $"{accepted} of {drafted} drafted tokens accepted");
        // Together they may be so many that no step has room for a draft.
        Assert.Equal(plain, Run(model, 15, out _, requests));
    }

    private static string[] Run(CausalModel model, int draft, out SchedulerMetrics metrics, params GenerationRequest[] requests)
    {
        using var harness = new StepHarness(new SchedulerOptions { KvBytes = 2000 * model.KvLayout.PageBytes, DraftTokens = draft }, model);
        SteppedRequest[] stepped = [.. requests.Select(harness.Submit)];
        harness.RunToEnd();
        harness.AssertNoPageLost();
        metrics = harness.Metrics;
        return [.. stepped.Select(r => r.Whole())];
    }
}
