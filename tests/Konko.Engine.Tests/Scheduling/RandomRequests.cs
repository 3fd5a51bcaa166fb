using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>Requests of every kind, drawn from a seed; many start with the same tokens.</summary>
internal static class RandomRequests
{
    public static GenerationRequest[] Make(int count, int seed, int maxPrompt = 200, int maxTokens = 50, int maxChoices = 4, int vocabulary = FakeModel.FirstRareToken)
    {
        var random = new Random(seed);
        int[] common = [.. Enumerable.Range(0, maxPrompt).Select(_ => random.Next(1, vocabulary))];
        var requests = new GenerationRequest[count];
        for (int i = 0; i < count; i++)
        {
            int length = random.Next(1, maxPrompt + 1);
            int shared = random.Next(3) == 0 ? 0 : random.Next(length + 1);
            requests[i] = new GenerationRequest
            {
                Prompt = [.. common.Take(shared), .. Enumerable.Range(0, length - shared).Select(_ => random.Next(1, vocabulary))],
                MaxTokens = random.Next(10) == 0 ? 0 : random.Next(1, maxTokens + 1),
                Choices = random.Next(2) == 0 ? 1 : random.Next(1, maxChoices + 1),
                PromptLogProbs = random.Next(5) == 0 ? random.Next(4) : null,
                Sampling = new SamplingParameters
                {
                    Seed = random.NextInt64(),
                    Temperature = random.Next(3) == 0 ? 0 : random.NextSingle() * 2,
                    TopP = random.Next(2) == 0 ? 1 : 0.5f + random.NextSingle() / 2,
                    FrequencyPenalty = random.Next(3) == 0 ? random.NextSingle() : 0,
                    RepetitionPenalty = random.Next(3) == 0 ? 1.2f : 1,
                    IgnoreEos = random.Next(5) == 0,
                    TopLogProbs = random.Next(5) == 0 ? random.Next(3) : null,
                },
            };
        }

        return requests;
    }

    /// <summary>A request that goes on to its last allowed token.</summary>
    public static GenerationRequest Endless(int prompt, int maxTokens, int seed = 0) => new()
    {
        Prompt = [.. Enumerable.Range(0, prompt).Select(i => 1 + (i * 7 + seed * 11) % 39)],
        MaxTokens = maxTokens,
        Sampling = new SamplingParameters { Seed = seed, IgnoreEos = true },
    };

    /// <summary>What comes of a request that has a scheduler to itself.</summary>
    public static string Alone(GenerationRequest request)
    {
        using var harness = new StepHarness();
        SteppedRequest stepped = harness.Submit(request);
        harness.RunToEnd();
        return stepped.Whole();
    }
}
