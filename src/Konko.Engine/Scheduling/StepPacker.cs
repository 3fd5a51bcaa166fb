using Konko.Engine.Cache;
using Konko.Engine.Models;
using Konko.Engine.Scheduling.Drafting;

namespace Konko.Engine.Scheduling;

/// <summary>Puts the granted tokens into a step, and drafts where the step has room.</summary>
/// <param name="pool">Has the pages that drafts need.</param>
/// <param name="costs">What steps cost.</param>
/// <param name="draftTokens">Most drafted tokens of a sequence; 0 drafts nothing.</param>
internal sealed class StepPacker(KvPool pool, StepCosts costs, int draftTokens)
{
    private readonly DraftPlanner _drafts = new(costs);
    private readonly List<SequenceState> _planned = [];

    /// <summary>Tokens of decoding sequences in the step, drafted ones included.</summary>
    public int DecodingTokens { get; private set; }

    /// <summary>Prompt tokens in the step.</summary>
    public int PromptTokens { get; private set; }

    /// <summary>Packs the step.</summary>
    /// <param name="running">The sequences that run; those with tokens in the step have pages for them.</param>
    /// <param name="step">The step.</param>
    /// <param name="room">How many tokens more the step can hold.</param>
    /// <returns>The sequences in the step: those that decode, then those with prompt tokens.</returns>
    public List<SequenceState> Pack(List<SequenceState> running, StepBatch step, int room)
    {
        _planned.Clear();
        step.Clear();
        (DecodingTokens, PromptTokens) = (0, 0);
        foreach (SequenceState sequence in running)
        {
            if (sequence.StepTokens > 0 && sequence.Pending == 1) _planned.Add(sequence);
        }

        int decoding = _planned.Count;
        foreach (SequenceState sequence in running)
        {
            if (sequence.StepTokens > 0 && sequence.Pending > 1) _planned.Add(sequence);
        }

        if (decoding > 0 && decoding == _planned.Count) AddDrafts(running.Count, room);
        for (int i = 0; i < _planned.Count; i++)
        {
            Pack(_planned[i], step);
            if (i < decoding) DecodingTokens += _planned[i].StepTokens;
            else PromptTokens += _planned[i].StepTokens;
        }

        return _planned;
    }

    /// <summary>Fills a step that only decodes up with drafts, where that pays and takes nobody's pages.</summary>
    private void AddDrafts(int running, int room)
    {
        _drafts.Plan(_planned, draftTokens, room);
        foreach (SequenceState sequence in _planned)
        {
            if (sequence.Drafted == 0) continue;
            int positions = sequence.Kv.Length + 1 + sequence.Drafted;
            if (positions > sequence.Kv.Capacity && (pool.AvailablePages <= running || !pool.TryGrow(sequence.Kv, positions)))
                sequence.Draft.Taken = sequence.Kv.Capacity - sequence.Kv.Length - 1;
            sequence.StepTokens += sequence.Drafted;
            sequence.StepLogits += sequence.Drafted;
        }
    }

    private static void Pack(SequenceState sequence, StepBatch step)
    {
        int known = sequence.StepTokens - sequence.Drafted;
        ReadOnlySpan<int> tokens = sequence.Tokens.Slice(sequence.Kv.Length, known);
        if (sequence.Drafted == 0)
        {
            sequence.StepIndex = step.Add(sequence.Kv, tokens, sequence.StepLogits);
            return;
        }

        Span<int> all = stackalloc int[1 + SequenceDraft.MaxTokens];
        tokens.CopyTo(all);
        sequence.Draft.Tokens.CopyTo(all[known..]);
        sequence.StepIndex = step.Add(sequence.Kv, all[..sequence.StepTokens], sequence.StepLogits);
    }
}
