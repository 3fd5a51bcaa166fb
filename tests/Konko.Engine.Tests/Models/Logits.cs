using Konko.Engine.Cache;
using Konko.Engine.Gguf;
using Konko.Engine.Kernels;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Models;

/// <summary>Runs tokens through a model and keeps the logits.</summary>
internal static unsafe class Logits
{
    public static CausalModel Load(string path, int threads = 2, int maxStepTokens = 512, KvType kvType = KvType.BFloat16)
    {
        using GgufFile file = GgufFile.Open(path);
        return ModelLoader.Load(file, threads, maxStepTokens, kvType).Model;
    }

    /// <summary>The logits after every token, prefilled in chunks.</summary>
    public static float[][] Of(CausalModel model, IReadOnlyList<int> tokens, int chunk)
    {
        using var cache = new TestSequence(model.KvLayout, tokens.Count);
        using var step = new StepBatch();
        var logits = new List<float[]>();
        for (int at = 0; at < tokens.Count; at += chunk)
        {
            int[] part = [.. tokens.Skip(at).Take(chunk)];
            step.Clear();
            step.Add(cache.Sequence, part, part.Length);
            model.Forward(step);
            cache.Sequence.Length += part.Length;
            for (int i = 0; i < part.Length; i++) logits.Add(step.Logits(0, i, model.VocabularySize).ToArray());
        }

        return [.. logits];
    }

    /// <summary>Natural log-probabilities in double precision.</summary>
    public static double[] LogProbs(float[] logits)
    {
        double max = logits.Max();
        double sum = Math.Log(logits.Sum(l => Math.Exp(l - max)));
        return [.. logits.Select(l => l - max - sum)];
    }
}

/// <summary>A sequence with pages of its own.</summary>
internal sealed unsafe class TestSequence : IDisposable
{
    private readonly AlignedBuffer<byte> _memory;

    public TestSequence(KvLayout layout, int positions)
    {
        int pages = (positions + KvLayout.PagePositions - 1) / KvLayout.PagePositions;
        _memory = new AlignedBuffer<byte>(pages * layout.PageBytes);
        for (int i = 0; i < pages; i++) Sequence.Pages.Add(new KvPage(_memory.Pointer + i * layout.PageBytes));
    }

    public KvSequence Sequence { get; } = new();

    public void Dispose() => _memory.Dispose();
}
