using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling.Drafting;

/// <summary>Requests of every kind that repeat themselves: their prompts do, and half of the answers have few tokens to choose from.</summary>
internal static class EchoRequests
{
    public static GenerationRequest[] Make(int count, int seed, int maxPrompt, int maxTokens, int vocabulary)
    {
        var random = new Random(seed);
        var requests = new GenerationRequest[count];
        for (int i = 0; i < count; i++)
        {
            int[] passage = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(1, vocabulary))];
            int length = random.Next(1, maxPrompt + 1);
            requests[i] = new GenerationRequest
            {
                Prompt = [.. Enumerable.Range(0, length).Select(p => random.Next(12) == 0 ? random.Next(1, vocabulary) : passage[p % passage.Length])],
                MaxTokens = random.Next(1, maxTokens + 1),
                Choices = random.Next(3) == 0 ? random.Next(2, 4) : 1,
                Sampling = new SamplingParameters
                {
                    Seed = random.NextInt64(),
                    Temperature = random.Next(3) switch { 0 => 0, 1 => random.NextSingle() / 2, _ => random.NextSingle() * 2 },
                    TopP = random.Next(2) == 0 ? 1 : 0.5f + random.NextSingle() / 2,
                    TopK = random.Next(3) == 0 ? random.Next(1, 8) : 0,
                    FrequencyPenalty = random.Next(3) == 0 ? random.NextSingle() : 0,
                    PresencePenalty = random.Next(4) == 0 ? random.NextSingle() : 0,
                    RepetitionPenalty = random.Next(3) == 0 ? 1.2f : 1,
                    IgnoreEos = random.Next(3) == 0,
                    MinTokens = random.Next(3) == 0 ? random.Next(maxTokens) : 0,
                    LogitBias = random.Next(2) == 0 ? passage.Take(4).Distinct().ToDictionary(id => id, _ => 100f) : [],
                    TopLogProbs = random.Next(3) == 0 ? random.Next(3) : null,
                },
            };
        }

        return requests;
    }
}
