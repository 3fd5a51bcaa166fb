using System.Runtime.InteropServices;
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
    private readonly HashSet<int> _endTokens;
    private readonly StepBatch _step = new();
    private readonly List<Draw> _draws = [];
    private readonly List<SampledToken> _drawn = [];
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
        _endTokens = [.. endOfGeneration];
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
            Sample(CollectionsMarshal.AsSpan(_draws));
            HandOut(CollectionsMarshal.AsSpan(_draws));
            LetGo();
        }

        TimeSpan elapsed = _time.GetElapsedTime(start);
        _batch.Costs.Record(_batch.DecodingTokens, _batch.PromptTokens, elapsed);
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
        _draws.Clear();
        _leads.Clear();
        _ended.Clear();
        foreach (SequenceState sequence in planned)
        {
            if (sequence.Pending > 0) continue; // more chunks to come, or let go of meanwhile
            if (sequence.Sampler is not null)
            {
                _draws.Add(new Draw { Sequence = sequence, Source = sequence });
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
                _draws.RemoveRange(before, _draws.Count - before);
                _batch.Fail(sequence.Request, GenerationFailure.Sampling, "The sampler could not be made.", e);
            }
        }
    }

    private void CollectChoices(SequenceState lead)
    {
        GenerationRequest request = lead.Request.Request;
        for (int i = 0; i < request.Choices; i++)
        {
            var sampler = new TokenSampler(request.Sampling, i, lead.Tokens, _endOfGeneration, _model.VocabularySize);
            var choice = new SequenceState(lead.Request, i, lead.Tokens, sampler);
            if (choice.IsCancelled) _ended.Add(choice);
            else _draws.Add(new Draw { Sequence = choice, Source = lead });
        }
    }

    /// <summary>Draws for every choice on its own; choices share nothing but the logits, so any thread could draw for any of them.</summary>
    private void Sample(Span<Draw> draws)
    {
        _drawn.Clear();
        foreach (ref Draw draw in draws)
        {
            draw.First = _drawn.Count;
            try
            {
                Sample(ref draw);
            }
            catch (Exception e)
            {
                draw.Error = e;
            }
        }
    }

    /// <summary>A drafted token counts if it is the one that is drawn: what is drawn is the same whatever was drafted.</summary>
    private void Sample(ref Draw draw)
    {
        SequenceState sequence = draw.Sequence;
        ReadOnlySpan<int> draft = sequence.Drafted > 0 ? sequence.Draft.Tokens : [];
        int firstRow = draw.Source.StepLogits - 1 - draft.Length;
        while (true)
        {
            ReadOnlySpan<float> logits = _step.Logits(draw.Source.StepIndex, firstRow + draw.Count, _model.VocabularySize);
            SampledToken token = sequence.Sampler!.Sample(logits, sequence.Generated + draw.Count);
            sequence.Sampler.Accept(token.Id);
            _drawn.Add(token);
            int next = draw.Count++;
            if (next == draft.Length || token.Id != draft[next] || EndOf(sequence, token.Id, draw.Count) is not null) return;
        }
    }

    private void HandOut(ReadOnlySpan<Draw> draws)
    {
        foreach (ref readonly Draw draw in draws)
        {
            SequenceState sequence = draw.Sequence;
            if (sequence.Request.HasFailed) continue;
            foreach (SampledToken token in CollectionsMarshal.AsSpan(_drawn).Slice(draw.First, draw.Count))
            {
                EndReason? end = EndOf(sequence, token.Id, 1);
                sequence.Append(token.Id);
                sequence.Request.Write(new TokenGenerated(sequence.Choice, token, end));
                sequence.Ended = end is not null;
            }

            _metrics.GeneratedTokens += draw.Count;
            if (draw.Error is not null) _batch.Fail(sequence.Request, GenerationFailure.Sampling, "A token could not be drawn.", draw.Error);
            else if (sequence.Drafted > 0) SettleDraft(sequence, draw.Count - 1);
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

    private EndReason? EndOf(SequenceState sequence, int token, int more)
    {
        GenerationRequest request = sequence.Request.Request;
        if (!request.Sampling.IgnoreEos && _endTokens.Contains(token)) return EndReason.EndOfGeneration;
        return sequence.Generated + more == request.MaxTokens ? EndReason.Length : null;
    }

    /// <summary>Frees pages before it ends outputs, so that who sees the end finds the pages free.</summary>
    private void LetGo()
    {
        foreach (SequenceState lead in _leads)
        {
            _survivors.Clear();
            foreach (Draw draw in _draws)
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
