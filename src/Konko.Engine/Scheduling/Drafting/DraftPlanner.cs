namespace Konko.Engine.Scheduling.Drafting;

/// <summary>Decides how many drafted tokens a step takes, and whose.</summary>
/// <remarks>
/// Tokens are taken in the order of how probable it is that they are right, and of all numbers of them the one is
/// chosen that promises the most drawn tokens a second, by what steps have cost so far. No draft changes an answer:
/// a drafted token counts only if it is the one that is drawn.
/// </remarks>
/// <param name="costs">What steps cost.</param>
internal sealed class DraftPlanner(StepCosts costs)
{
    /// <summary>Most tokens of a step that has drafts: beyond it they are not cheap on any machine.</summary>
    public const int MaxStepTokens = 16;

    /// <summary>What a draft must promise: less is lost in the noise.</summary>
    private const double LeastGain = 1.03;

    private readonly List<SequenceState> _candidates = [];
    private readonly List<SequenceState> _order = [];

    /// <summary>Takes drafts into a step of decoding sequences: sets <see cref="SequenceDraft.Taken"/> of each.</summary>
    /// <param name="decoding">The sequences that decode in the step, one token each.</param>
    /// <param name="most">Most drafted tokens of a sequence.</param>
    /// <param name="room">How many tokens more the step can hold.</param>
    public void Plan(List<SequenceState> decoding, int most, int room)
    {
        int tokens = decoding.Count;
        room = Math.Min(room, MaxStepTokens - tokens);
        if (room <= 0 || most <= 0) return;
        _candidates.Clear();
        _order.Clear();
        foreach (SequenceState sequence in decoding)
        {
            // The last allowed token is drawn, not drafted.
            int useful = Math.Min(most, sequence.Request.Request.MaxTokens - sequence.Generated - 1);
            if (sequence.Sampler is not null && sequence.Draft.Prepare(sequence.Tokens, useful)) _candidates.Add(sequence);
        }

        double best = LeastGain * tokens / costs.Decoding(tokens);
        double expected = tokens;
        int chosen = 0;
        while (_order.Count < room && MostProbable() is { } sequence)
        {
            SequenceDraft draft = sequence.Draft;
            _order.Add(sequence);
            expected += draft.Next;
            draft.Next *= draft.Probability;
            draft.Taken++;
            double rate = expected / costs.Decoding(tokens + _order.Count);
            if (rate <= best) continue;
            best = rate;
            chosen = _order.Count;
        }

        for (int i = chosen; i < _order.Count; i++) _order[i].Draft.Taken--;
    }

    private SequenceState? MostProbable()
    {
        SequenceState? best = null;
        foreach (SequenceState sequence in _candidates)
        {
            SequenceDraft draft = sequence.Draft;
            if (draft.Taken < draft.Available && (best is null || draft.Next > best.Draft.Next)) best = sequence;
        }

        return best;
    }
}
