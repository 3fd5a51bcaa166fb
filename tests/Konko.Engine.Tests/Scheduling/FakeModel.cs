using Konko.Engine.Cache;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>
/// A model whose logits are a hash of everything it reads back from a sequence's pages: a wrong page, a wrong
/// position, a missing or a stale token changes them. It also refuses steps that break the contract.
/// </summary>
internal sealed unsafe class FakeModel : CausalModel
{
    public const int EndToken = 0;

    /// <summary>From here on tokens are practically never drawn.</summary>
    public const int FirstRareToken = 40;

    private readonly HashSet<nint> _written = [];

    public override int VocabularySize => 48;

    public override int ContextLength { get; } = 512;

    public override KvLayout KvLayout { get; } = new(Layers: 1, KvHeads: 1, HeadDim: 1, KvType.Float32);

    public override int MaxStepTokens { get; } = 640;

    /// <summary>Called at the start of each step; may look, block or throw.</summary>
    public Action<StepBatch>? OnForward { get; set; }

    /// <summary>Where a text holds this token, the logits are not numbers.</summary>
    public int PoisonToken { get; set; } = -1;

    public FakeModel()
    {
    }

    public FakeModel(int contextLength, int maxStepTokens) => (ContextLength, MaxStepTokens) = (contextLength, maxStepTokens);

    public override void Forward(StepBatch step)
    {
        OnForward?.Invoke(step);
        Require(step.Tokens.Length is > 0 && step.Tokens.Length <= MaxStepTokens, "tokens of a step");
        _written.Clear();
        float* logits = step.ReserveLogits(VocabularySize + 3);
        foreach (StepSequence sequence in step.Sequences) Forward(sequence, step.Tokens.Slice(sequence.FirstToken, sequence.TokenCount), logits);
    }

    public override void Dispose()
    {
    }

    private void Forward(StepSequence sequence, ReadOnlySpan<int> tokens, float* logits)
    {
        KvSequence cache = sequence.Cache;
        Require(cache.Capacity >= cache.Length + tokens.Length, "pages cover the step");
        for (int i = 0; i < tokens.Length; i++)
        {
            int position = cache.Length + i;
            KvPage page = cache.Pages[position / KvLayout.PagePositions];
            Require(page.References == 1, "a page that is written has one holder");
            if (i == 0 || position % KvLayout.PagePositions == 0) Require(_written.Add((nint)page.Data), "a page is written by one sequence");
            int* slot = (int*)page.Data + position % KvLayout.PagePositions;
            Require(*slot == 0, "a page starts zeroed");
            *slot = tokens[i] + 1;

            int row = i - (tokens.Length - sequence.LogitCount);
            if (row >= 0) Predict(cache, position, logits + (long)(sequence.FirstLogitRow + row) * (VocabularySize + 3));
        }
    }

    private void Predict(KvSequence cache, int last, float* logits)
    {
        ulong hash = 0;
        bool poisoned = false;
        for (int i = 0; i <= last; i++)
        {
            int stored = ((int*)cache.Pages[i / KvLayout.PagePositions].Data)[i % KvLayout.PagePositions];
            hash = Mix(hash ^ (ulong)stored);
            poisoned |= stored == PoisonToken + 1;
        }

        for (int i = 0; i < VocabularySize; i++) logits[i] = poisoned ? float.NaN : (Mix(hash + (ulong)i) >> 40) * (8f / (1 << 24)) - 4;
        logits[EndToken] -= 1;
        for (int i = FirstRareToken; i < VocabularySize; i++) logits[i] -= 80;
    }

    private static ulong Mix(ulong value)
    {
        value = (value + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        value ^= value >> 29;
        value *= 0x94D049BB133111EB;
        return value ^ (value >> 32);
    }

    private static void Require(bool condition, string what)
    {
        if (!condition) throw new InvalidOperationException($"The step breaks the contract: {what}.");
    }
}
