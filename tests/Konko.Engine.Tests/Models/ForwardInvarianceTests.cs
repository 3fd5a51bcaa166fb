using System.Runtime.InteropServices;
using Konko.Engine.Cache;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Models;

/// <summary>A token's logits depend on the tokens before it and on nothing else, bit for bit.</summary>
[Trait("Gate", "invariance")]
public sealed class ForwardInvarianceTests
{
    /// <summary>Every architecture and every kind of panel; for the whole gate every file.</summary>
    internal static readonly string[] Names = GateScale.Of(0, 1) == 1 ? TinyModels.All :
    [
        "llama", "llama-f16", "llama-bf16", "llama-q4_0", "llama-q4_1", "llama-q8_0", "llama-q4_k_m", "llama-q5_1", "llama-q2_k",
        "mixtral", "qwen2", "qwen3", "qwen3moe", "gemma2", "gemma3", "phi3", "phi3-longrope", "smollm3", "olmo2", "gpt-oss", "granite", "llama-yarn",
    ];

    public static TheoryData<string, string> Models()
    {
        var data = new TheoryData<string, string>();
        foreach (string name in Names)
        {
            data.Add(name, nameof(KvType.BFloat16));
            if (GateScale.Of(0, 1) == 1) data.Add(name, nameof(KvType.Float32));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Forward_AnyChunkAndThreads_GivesTheSameBits(string name, string kv)
    {
        KvType type = Enum.Parse<KvType>(kv);
        using CausalModel one = Load(name, 1, type), two = Load(name, 2, type), three = Load(name, 3, type);
        int[] tokens = Tokens(1, 300, one.VocabularySize);
        float[][] expected = Logits.Of(one, tokens, 1);
        foreach (CausalModel model in (CausalModel[])[one, two, three])
            foreach (int chunk in (int[])[1, 17, 64, 512])
                AssertSame(expected, Logits.Of(model, tokens, chunk));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Forward_SharedSteps_GiveEachSequenceTheBitsItHasAlone(string name, string kv)
    {
        using CausalModel model = Load(name, 2, Enum.Parse<KvType>(kv));
        var random = new Random(7);
        foreach (int batch in (int[])[2, 7, 16])
        {
            int[][] prompts = [.. Enumerable.Range(0, batch).Select(i => Tokens(100 + i, random.Next(1, 290), model.VocabularySize))];
            float[][][] alone = [.. prompts.Select(p => Logits.Of(model, p, 512))];
            TestSequence[] caches = [.. prompts.Select(p => new TestSequence(model.KvLayout, p.Length))];
            using var step = new StepBatch();
            while (true)
            {
                // Every step takes a random set of sequences in random order, each with a random number of tokens.
                step.Clear();
                int room = model.MaxStepTokens;
                int[] order = [.. Enumerable.Range(0, batch)];
                random.Shuffle(order);
                var parts = new List<(int Sequence, int Count)>();
                foreach (int s in order)
                {
                    int left = prompts[s].Length - caches[s].Sequence.Length;
                    int count = Math.Min(Math.Min(left, room), random.Next(3) == 0 ? 1 : random.Next(0, 70));
                    if (count == 0) continue;
                    room -= count;
                    step.Add(caches[s].Sequence, prompts[s].AsSpan(caches[s].Sequence.Length, count), count);
                    parts.Add((s, count));
                }

                if (parts.Count == 0 && caches.Zip(prompts).All(p => p.First.Sequence.Length == p.Second.Length)) break;
                if (parts.Count == 0) continue;
                model.Forward(step);
                for (int i = 0; i < parts.Count; i++)
                {
                    (int s, int count) = parts[i];
                    for (int k = 0; k < count; k++)
                        Assert.True(SameBits(alone[s][caches[s].Sequence.Length + k], step.Logits(i, k, model.VocabularySize)));
                    caches[s].Sequence.Length += count;
                }
            }

            foreach (TestSequence cache in caches) cache.Dispose();
        }
    }

    [Fact]
    public void Forward_BadSteps_AreRefused()
    {
        using CausalModel model = Load("llama", 1, KvType.BFloat16);
        using var cache = new TestSequence(model.KvLayout, 32);
        using var step = new StepBatch();
        step.Add(cache.Sequence, [model.VocabularySize], 1);
        Assert.Contains("outside the vocabulary", Assert.Throws<ArgumentException>(() => model.Forward(step)).Message, StringComparison.Ordinal);
        step.Clear();
        step.Add(cache.Sequence, new int[33], 1);
        Assert.Contains("no room", Assert.Throws<ArgumentException>(() => model.Forward(step)).Message, StringComparison.Ordinal);
    }

    internal static CausalModel Load(string name, int threads, KvType kvType)
    {
        string? path = Repository.Reference("tiny", name + ".gguf");
        Assert.SkipWhen(path is null, $"The reference model {name} is not there.");
        return Logits.Load(path!, threads, 512, kvType);
    }

    internal static int[] Tokens(int seed, int count, int vocabulary)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];
    }

    private static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(SameBits(expected[i], actual[i]), $"Logits differ after token {i}.");
    }

    private static bool SameBits(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));
}
