using Konko.Engine.Cache;
using Konko.Engine.Models;

namespace Konko.Engine.Scheduling;

/// <summary>
/// Continuous batching: who runs, who waits, and what each may compute in the next step. Decoding goes first, then
/// prompts in chunks up to the budget, then those who wait are let in; older goes before younger everywhere.
/// </summary>
/// <remarks>
/// The oldest always gets on: it may take any younger sequence's pages (preemption), and one sequence alone always
/// fits. A preempted sequence keeps its tokens and its sampler, and computes its keys and values again later.
/// </remarks>
internal sealed class ContinuousBatch
{
    /// <summary>Most rows of logits of one step that prompts may ask for to be scored.</summary>
    public const int MaxScoredRows = 64;

    private readonly KvPool _pool;
    private readonly RequestQueue _queue;
    private readonly SchedulerOptions _options;
    private readonly TimeProvider _time;
    private readonly SchedulerMetrics _metrics;
    private readonly int _maxStepTokens;
    private readonly int _maxRunning;
    private readonly List<SequenceState> _running = [];
    private readonly List<SequenceState> _waiting = [];
    private readonly List<SequenceState> _planned = [];
    private int _roomLeft;
    private int _prefillLeft;
    private int _scoredRowsLeft;

    public ContinuousBatch(
        KvPool pool, RequestQueue queue, SchedulerOptions options, int maxStepTokens, TimeProvider time, SchedulerMetrics metrics)
    {
        _pool = pool;
        _queue = queue;
        _options = options;
        _time = time;
        _metrics = metrics;
        _maxStepTokens = maxStepTokens;
        _maxRunning = Math.Min(options.MaxRunning, maxStepTokens);
    }

    /// <summary>Sequences that hold pages.</summary>
    public int Running => _running.Count;

    /// <summary>Sequences that have started and wait for room: preempted ones, and choices that found none.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Lets go of everything that nobody wants any more.</summary>
    public void RemoveCancelled()
    {
        RemoveCancelled(_running);
        RemoveCancelled(_waiting);
        _queue.Sweep();
    }

    /// <summary>Fills a step.</summary>
    /// <returns>The sequences that have tokens in it; none where there was nothing to compute.</returns>
    public List<SequenceState> Plan(StepBatch step)
    {
        _roomLeft = _maxStepTokens;
        bool decoding = _running.Exists(static sequence => sequence.Pending == 1);
        _prefillLeft = decoding ? Math.Min(_options.PrefillTokenBudget, _options.PrefillTokensBesideDecoding) : _options.PrefillTokenBudget;
        _scoredRowsLeft = MaxScoredRows;

        // A sequence's growth may push out younger ones, which stand behind it in the list.
        for (int i = 0; i < _running.Count; i++)
        {
            if (_running[i].Pending == 1) Provide(_running[i]);
        }

        for (int i = 0; i < _running.Count; i++)
        {
            if (_running[i].Pending > 1) Provide(_running[i]);
        }

        Admit();

        _planned.Clear();
        step.Clear();
        foreach (SequenceState sequence in _running)
        {
            if (sequence.Pending == 1) Pack(sequence, step);
        }

        foreach (SequenceState sequence in _running)
        {
            if (sequence.Pending > 1) Pack(sequence, step);
        }

        return _planned;
    }

    /// <summary>After the prompt: hands a lead's pages on to the choices that go on from it.</summary>
    /// <param name="lead">A lead whose prompt is computed.</param>
    /// <param name="choices">The choices that go on, in order.</param>
    public void Fork(SequenceState lead, List<SequenceState> choices)
    {
        if (!_running.Remove(lead)) return;
        if (choices.Count == 0)
        {
            _pool.Release(lead.Kv);
            return;
        }

        SequenceState first = choices[0];
        first.Kv = lead.Kv;
        Insert(_running, first);
        int shared = first.Kv.Length / KvLayout.PagePositions;
        for (int i = 1; i < choices.Count; i++)
        {
            SequenceState choice = choices[i];
            bool forked = _running.Count < _maxRunning && HasRoom(choice, shared) && _pool.TryFork(first.Kv, choice.Kv);
            Insert(forked ? _running : _waiting, choice);
        }
    }

    /// <summary>Takes out a running sequence that has come to its end.</summary>
    public void Leave(SequenceState sequence)
    {
        _running.Remove(sequence);
        _pool.Release(sequence.Kv);
    }

    /// <summary>Ends a request with a failure; nothing that it computed is kept.</summary>
    public void Fail(RequestState request, GenerationFailure failure, string message, Exception? inner)
    {
        Discard(_running, request);
        Discard(_waiting, request);
        request.Fail(failure, message, inner);
    }

    /// <summary>Ends all requests with a failure, those in the queue too.</summary>
    public void FailAll(GenerationFailure failure, string message, Exception? inner)
    {
        while (_running.Count > 0) Fail(_running[^1].Request, failure, message, inner);
        while (_waiting.Count > 0) Fail(_waiting[^1].Request, failure, message, inner);
        while (_queue.Peek() is { } request)
        {
            _queue.Take();
            request.Fail(failure, message, inner);
        }
    }

    private static void Insert(List<SequenceState> list, SequenceState sequence)
    {
        int i = list.Count;
        while (i > 0 && sequence.IsOlderThan(list[i - 1])) i--;
        list.Insert(i, sequence);
    }

    private void RemoveCancelled(List<SequenceState> list)
    {
        for (int i = list.Count - 1; i >= 0; i--)
        {
            SequenceState sequence = list[i];
            if (!sequence.IsCancelled) continue;
            list.RemoveAt(i);
            _pool.Release(sequence.Kv);
            sequence.Close();
        }
    }

    private void Discard(List<SequenceState> list, RequestState request)
    {
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (list[i].Request != request) continue;
            _pool.Discard(list[i].Kv);
            list.RemoveAt(i);
        }
    }

    private void Admit()
    {
        while (_roomLeft > 0 && _prefillLeft > 0 && _running.Count < _maxRunning)
        {
            bool fresh = _waiting.Count == 0;
            SequenceState? sequence = fresh ? _queue.Peek()?.Lead : _waiting[0];
            if (sequence is null || !TryAttach(sequence)) return;
            if (!fresh)
            {
                _waiting.RemoveAt(0);
            }
            else
            {
                _queue.Take();
                Start(sequence);
                if (!sequence.Request.NeedsModel)
                {
                    sequence.Close();
                    continue;
                }
            }

            Insert(_running, sequence);
            Provide(sequence);
        }
    }

    private void Start(SequenceState lead)
    {
        RequestState request = lead.Request;
        request.Write(new GenerationStarted(lead.Kv.Length, _time.GetElapsedTime(request.Submitted)));
        if (request.Scores is { } scores && !request.IsScoring) request.Write(new PromptScored(scores));
        _metrics.CachedTokens += lead.Kv.Length;
    }

    /// <summary>Gives a sequence without pages what the prefix cache has of it, if there is room for the rest beside those who run.</summary>
    private bool TryAttach(SequenceState sequence)
    {
        RequestState request = sequence.Request;
        if (!request.NeedsModel) return true;

        // One token at least is computed, and all whose logits score the prompt.
        int attachable = request.IsScoring ? request.Scored - 1 : sequence.Target - 1;
        _pool.AttachPrefix(sequence.Kv, sequence.Tokens[..attachable]);
        if (_running.Count == 0 || HasRoom(sequence, sequence.Kv.Pages.Count)) return true;
        _pool.Release(sequence.Kv);
        return false;
    }

    private bool HasRoom(SequenceState newcomer, int heldPages)
    {
        long wanted = newcomer.WantedPages - heldPages;
        foreach (SequenceState sequence in _running) wanted += sequence.WantedPages - sequence.Kv.Pages.Count;
        return wanted <= _pool.AvailablePages;
    }

    /// <summary>Grants a running sequence its tokens of the step and the pages for them; none where it must wait.</summary>
    private void Provide(SequenceState sequence)
    {
        sequence.StepTokens = 0;
        RequestState request = sequence.Request;
        bool decoding = sequence.Pending == 1;
        int tokens = decoding ? 1 : Math.Min(Math.Min(sequence.Pending, _options.PrefillChunk), Math.Min(_prefillLeft, _roomLeft));
        int logits;
        if (request.IsScoring)
        {
            int before = request.Scored - 1 - sequence.Kv.Length;
            tokens = Math.Min(tokens, before + _scoredRowsLeft);
            logits = Math.Max(tokens - before, 0);
        }
        else
        {
            logits = tokens == sequence.Pending ? 1 : 0;
        }

        if (tokens == 0 || !MakeRoom(sequence, sequence.Kv.Length + tokens)) return;
        sequence.StepTokens = tokens;
        sequence.StepLogits = logits;
        _roomLeft -= tokens;
        if (!decoding) _prefillLeft -= tokens;
        if (request.IsScoring) _scoredRowsLeft -= logits;
    }

    private bool MakeRoom(SequenceState sequence, int positions)
    {
        while (!_pool.TryGrow(sequence.Kv, positions))
        {
            SequenceState youngest = _running[^1];
            if (youngest != sequence)
            {
                Preempt(youngest);
                continue;
            }

            // With older ones about it keeps its pages and waits; alone it has the whole pool, so memory itself is short.
            if (_running.Count == 1) Fail(sequence.Request, GenerationFailure.OutOfMemory, "There is no memory for the keys and values of the request.", null);
            return false;
        }

        return true;
    }

    private void Preempt(SequenceState sequence)
    {
        _running.Remove(sequence);
        _pool.Release(sequence.Kv);
        Insert(_waiting, sequence);
        _metrics.Preemptions++;
    }

    private void Pack(SequenceState sequence, StepBatch step)
    {
        if (sequence.StepTokens == 0) return;
        ReadOnlySpan<int> tokens = sequence.Tokens.Slice(sequence.Kv.Length, sequence.StepTokens);
        sequence.StepIndex = step.Add(sequence.Kv, tokens, sequence.StepLogits);
        _planned.Add(sequence);
    }
}
