using Konko.Engine.Cache;
using Konko.Engine.Models;
using Konko.Engine.Scheduling;
using Konko.Engine.Tests.Models;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>Real models under the scheduler: tokens, their probabilities and the prompt's scores are the same to the bit.</summary>
[Trait("Gate", "invariance")]
public sealed class ModelInvarianceTests
{
    /// <summary>One of each kind of panel every day; every architecture and every quantisation for the whole gate.</summary>
    public static TheoryData<string> Names => [.. GateScale.Of(0, 1) == 1 ? TinyModels.All : ["llama", "llama-bf16", "llama-q4_1", "llama-q8_0"]];

    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_TinyModel_DependOnNothingButTheRequest(string name)
    {
        using CausalModel one = ForwardInvarianceTests.Load(name, threads: 1, KvType.BFloat16);
        using CausalModel two = ForwardInvarianceTests.Load(name, threads: 2, KvType.BFloat16);
        GenerationRequest[] requests = RandomRequests.Make(GateScale.Of(16, 64), seed: 5, maxPrompt: 110, maxTokens: 16, maxChoices: 3, vocabulary: one.VocabularySize);
        string[] alone = [.. requests.Select(r => Run(one, Options(one, pages: 2000), r)[0])];

        foreach (CausalModel model in (CausalModel[])[one, two])
        {
            foreach (int batch in (int[])[2, 7, 16])
            {
                int[] order = [.. Enumerable.Range(0, requests.Length)];
                new Random(batch).Shuffle(order);
                foreach (int[] group in order.Chunk(batch))
                    Assert.Equal(group.Select(i => alone[i]), Run(model, Options(model, pages: 2000), [.. group.Select(i => requests[i])]));
            }

            foreach (int chunk in (int[])[1, 17, 64, 512])
            {
                // Two rounds in one pool, the second of which finds its prompts in the cache; then a pool that makes them give way.
                Assert.Equal([.. alone, .. alone], Run(model, Options(model, pages: 2000) with { PrefillChunk = chunk }, [.. requests, .. requests]));
                Assert.Equal(alone, Run(model, Options(model, pages: 7) with { PrefillChunk = chunk }, requests));
            }
        }
    }

    [Fact]
    public void Answers_SmolLM2InPairs_AreThoseOfEachAlone()
    {
        using CausalModel model = Logits.Load(Repository.SmolLM2);
        GenerationRequest[] requests = RandomRequests.Make(GateScale.Of(3, 20), seed: 6, maxPrompt: 60, maxTokens: 12, maxChoices: 2, vocabulary: model.VocabularySize);
        string[] alone = [.. requests.Select(r => Run(model, Options(model, pages: 100), r)[0])];
        for (int i = 0; i < requests.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.Equal([alone[i], alone[j]], Run(model, Options(model, pages: 100) with { PrefillChunk = 17 }, requests[i], requests[j]));
        }
    }

    private static SchedulerOptions Options(CausalModel model, int pages) => new() { KvBytes = pages * model.KvLayout.PageBytes };

    private static string[] Run(CausalModel model, SchedulerOptions options, params GenerationRequest[] requests)
    {
        using var harness = new StepHarness(options, model);
        SteppedRequest[] stepped = [.. requests.Select(harness.Submit)];
        harness.RunToEnd();
        harness.AssertNoPageLost();
        return [.. stepped.Select(r => r.Whole())];
    }
}
