using Konko.Engine.Cache;
using Konko.Engine.Models;
using Konko.Engine.Sampling;

namespace Konko.Engine.Scheduling;

/// <summary>What happens in a step: plan, compute, score prompts, draw tokens, hand them out, let go of what has ended. Belongs to the scheduler's thread.</summary>
internal sealed class StepLoop : IDisposable
{
    private readonly CausalModel _model;
    private readonly KvPool _pool;
    private readonly ContinuousBatch _batch;
    private readonly TimeProvider _time;
    private readonly SchedulerMetrics _metrics;
    private readonly IReadOnlyList<int> _endOfGeneration;
    private readonly StepBatch _step = new();
    private readonly DrawStage _draws;
    private readonly List<SequenceState> _leads = [];
    private readonly List<SequenceState> _survivors = [];
    private readonly List<SequenceState> _ended = [];

    public StepLoop(
        CausalModel model, IReadOnlyList<int> endOfGeneration, KvPool pool, ContinuousBatch batch, TimeProvider time, SchedulerMetrics metrics)
    {
        _model = model;
        _pool = pool;
        _batch = batch;
        _time = time;
        _metrics = metrics;
        _endOfGeneration = endOfGeneration;
        _draws = new DrawStage(model, _step, endOfGeneration);
    }

    /// <summary>Makes one step.</summary>
    public void Step()
    {
        long start = _time.GetTimestamp();
        _batch.RemoveCancelled();
        List<SequenceState> planned = _batch.Plan(_step);
        if (planned.Count == 0) return;
        if (Compute(planned))
        {
            ScorePrompts(planned);
            CollectDraws(planned);
            _draws.Run();
            HandOut();
            LetGo();
        }

        TimeSpan elapsed = _time.GetElapsedTime(start);
        _batch.Learn(elapsed);
        _metrics.Record(elapsed);
    }

    /// <inheritdoc/>
    public void Dispose() => _step.Dispose();

    private bool Compute(List<SequenceState> planned)
    {
        try
        {
            _model.Forward(_step);
        }
        catch (Exception e)
        {
            foreach (SequenceState sequence in planned)
            {
                _batch.Fail(sequence.Request, GenerationFailure.Forward, "The model failed in a step of the request.", e);
            }

            return false;
        }

        foreach (SequenceState sequence in planned)
        {
            if (sequence.Sampler is null || sequence.Pending > 1) _metrics.PrefilledTokens += sequence.StepTokens;
            sequence.Kv.Length += sequence.StepTokens - sequence.Drafted;
            _pool.Publish(sequence.Kv, sequence.Tokens);
        }

        return true;
    }

    private void ScorePrompts(List<SequenceState> planned)
    {
        foreach (SequenceState sequence in planned)
        {
            RequestState request = sequence.Request;
            if (!request.IsScoring) continue;
            try
            {
                Score(sequence, request.Scores!, request.Request.PromptLogProbs!.Value);
            }
            catch (Exception e)
            {
                _batch.Fail(request, GenerationFailure.Sampling, "The prompt could not be scored.", e);
                continue;
            }

            if (request.IsScoring) continue;
            request.Write(new PromptScored(request.Scores!));
            if (!request.NeedsModel)
            {
                _batch.Leave(sequence);
                sequence.Close();
            }
        }
    }

    private void Score(SequenceState sequence, TokenLogProbs?[] scores, int top)
    {
        RequestState request = sequence.Request;
        int first = sequence.Kv.Length - sequence.StepLogits;
        int next = Math.Min(sequence.Kv.Length + 1, scores.Length);
        for (int i = first + 1; i < next; i++)
        {
            ReadOnlySpan<float> logits = _step.Logits(sequence.StepIndex, i - 1 - first, _model.VocabularySize);
            scores[i] = LogProbabilities.Of(logits, request.Prompt[i], top);
        }

        request.Scored = next;
    }

    /// <summary>Lists the tokens to be drawn: one for each sequence that is computed to its end, one for each choice of a lead that is.</summary>
    private void CollectDraws(List<SequenceState> planned)
    {
        _draws.Truncate(0);
        _leads.Clear();
        _ended.Clear();
        foreach (SequenceState sequence in planned)
        {
            if (sequence.Pending > 0) continue; // more chunks to come, or let go of meanwhile
            if (sequence.Sampler is not null)
            {
                _draws.Add(sequence, sequence);
                continue;
            }

            _leads.Add(sequence);
            int before = _draws.Count;
            try
            {
                CollectChoices(sequence);
            }
            catch (Exception e)
            {
                _draws.Truncate(before);
                _batch.Fail(sequence.Request, GenerationFailure.Sampling, "The sampler could not be made.", e);
            }
        }
    }

    private void CollectChoices(SequenceState lead)
    {
        GenerationRequest request = lead.Request.Request;
        for (int i = 0; i < request.Choices; i++)
        {
            var sampler = new TokenSampler(request.Sampling, i, lead.Tokens, _endOfGeneration, _model.VocabularySize, request.Grammar?.Start);
            var choice = new SequenceState(lead.Request, i, lead.Tokens, sampler);
            if (choice.IsCancelled) _ended.Add(choice);
            else _draws.Add(choice, lead);
        }
    }

    private void HandOut()
    {
        foreach (ref readonly Draw draw in _draws.Draws)
        {
            SequenceState sequence = draw.Sequence;
            if (sequence.Request.HasFailed) continue;
            foreach (SampledToken token in _draws.Tokens(draw))
            {
                EndReason? end = _draws.EndOf(sequence, token.Id, sequence.Generated + 1);
                sequence.Append(token.Id);
                sequence.Request.Write(new TokenGenerated(sequence.Choice, token, end));
                sequence.Ended = end is not null;
            }

            _metrics.GeneratedTokens += draw.Count;
            if (draw.Error is not null) _batch.Fail(sequence.Request, GenerationFailure.Sampling, "A token could not be drawn.", draw.Error);
            else if (sequence.Drafted > 0) SettleDraft(sequence, draw.Count - draw.Forced - 1);
            if (sequence.Ended) _ended.Add(sequence);
        }
    }

    /// <summary>Keeps the keys and values of the drafted tokens that were drawn, and takes those of the others back.</summary>
    private void SettleDraft(SequenceState sequence, int right)
    {
        int drafted = sequence.Drafted, written = sequence.Kv.Length + drafted;
        sequence.Draft.Settle(right, wrong: right < drafted && !sequence.Ended);
        sequence.Kv.Length += right;
        _pool.Rewind(sequence.Kv, written);
        _pool.Publish(sequence.Kv, sequence.Tokens);
        _metrics.DraftedTokens += drafted;
        _metrics.AcceptedTokens += right;
    }

    /// <summary>Frees pages before it ends outputs, so that who sees the end finds the pages free.</summary>
    private void LetGo()
    {
        foreach (SequenceState lead in _leads)
        {
            _survivors.Clear();
            foreach (ref readonly Draw draw in _draws.Draws)
            {
                if (draw.Source == lead && !draw.Sequence.Ended) _survivors.Add(draw.Sequence);
            }

            _batch.Fork(lead, _survivors);
        }

        foreach (SequenceState sequence in _ended)
        {
            _batch.Leave(sequence);
            sequence.Close();
        }
    }
}
