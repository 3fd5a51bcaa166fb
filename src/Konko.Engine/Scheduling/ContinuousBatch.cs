using Konko.Engine.Cache;
using Konko.Engine.Models;

namespace Konko.Engine.Scheduling;

/// <summary>
/// Continuous batching: who runs, who waits, and what each may compute in the next step. Decoding goes first, then
/// those who wait are let in, then prompts in chunks up to the budget; a step without prompts has room for drafts.
/// </summary>
/// <remarks>
/// The oldest always gets on: it may take any younger sequence's pages (preemption), and one sequence alone always
/// fits. A preempted sequence keeps its tokens and its sampler, and computes its keys and values again later.
/// No decision here changes an answer, so all of them may look at the clock.
/// </remarks>
internal sealed class ContinuousBatch
{
    /// <summary>Most rows of logits of one step that prompts may ask for to be scored.</summary>
    public const int MaxScoredRows = 64;

    /// <summary>Prompts that may be let in though those in work ask for more tokens than a step has: short ones get past a long one.</summary>
    private const int PromptsAtOnce = 4;

    /// <summary>How much longer than decoding alone a step with prompt tokens should take: what bounds the gap between the others' tokens.</summary>
    private const double MostStretch = 3;

    /// <summary>Prompts get on by so many tokens a step at least: a tile of the kernels, which costs little more than one token.</summary>
    private const int LeastPromptTokens = 8;

    private readonly KvPool _pool;
    private readonly RequestQueue _queue;
    private readonly SchedulerOptions _options;
    private readonly TimeProvider _time;
    private readonly SchedulerMetrics _metrics;
    private readonly int _maxStepTokens;
    private readonly int _maxRunning;
    private readonly List<SequenceState> _running = [];
    private readonly List<SequenceState> _waiting = [];
    private readonly List<SequenceState> _prompts = [];
    private readonly StepPacker _packer;
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
        _packer = new StepPacker(pool, Costs, options.DraftTokens);
    }

    /// <summary>Sequences that hold pages.</summary>
    public int Running => _running.Count;

    /// <summary>Sequences that have started and wait for room: preempted ones, and choices that found none.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>What steps have cost.</summary>
    public StepCosts Costs { get; } = new();

    /// <summary>Learns from the step that was planned last.</summary>
    /// <param name="elapsed">How long it took.</param>
    public void Learn(TimeSpan elapsed) => Costs.Record(_packer.DecodingTokens, _packer.PromptTokens, elapsed);

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
        _scoredRowsLeft = MaxScoredRows;
        int decoding = 0;
        foreach (SequenceState sequence in _running)
        {
            sequence.StepTokens = 0;
            if (sequence.Pending == 1) decoding++;
        }

        _prefillLeft = PromptBudget(decoding);

        // A sequence's growth may push out younger ones, which stand behind it in the list.
        for (int i = 0; i < _running.Count; i++)
        {
            if (_running[i].Pending == 1) Provide(_running[i]);
        }

        Admit();
        ShareOutPrefill();
        return _packer.Pack(_running, step, _roomLeft);
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

    /// <summary>How many prompt tokens the step may have: few where others decode, as measured steps tell.</summary>
    private int PromptBudget(int decoding)
    {
        if (decoding == 0) return _options.PrefillTokenBudget;
        int most = Math.Min(_options.PrefillTokenBudget, _options.PrefillTokensBesideDecoding);
        int affordable = Costs.PromptTokensBeside(decoding, MostStretch) / LeastPromptTokens * LeastPromptTokens;
        return Math.Min(most, Math.Max(affordable, LeastPromptTokens));
    }

    private void Admit()
    {
        int prompts = 0;
        long asked = 0;
        foreach (SequenceState sequence in _running)
        {
            if (sequence.Pending <= 1) continue;
            prompts++;
            asked += sequence.Pending;
        }

        while (_roomLeft > 0 && _prefillLeft > 0 && _running.Count < _maxRunning && (asked < _prefillLeft || prompts < PromptsAtOnce))
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

            sequence.StepTokens = 0;
            Insert(_running, sequence);
            prompts++;
            asked += sequence.Pending;
            if (sequence.Pending == 1) Provide(sequence); // all but its last token was in the cache
        }
    }

    /// <summary>
    /// Shares the step's prompt tokens out: the oldest prompt gets half of them at least, so that it comes to its end;
    /// of the others the shortest go first, so that they do not wait for the longest.
    /// </summary>
    private void ShareOutPrefill()
    {
        _prompts.Clear();
        int others = 0;
        foreach (SequenceState sequence in _running)
        {
            if (sequence.Pending <= 1) continue;
            if (_prompts.Count > 0) others = Math.Min(others + sequence.Pending, _options.PrefillTokenBudget);
            int place = _prompts.Count;
            while (place > 1 && sequence.Pending < _prompts[place - 1].Pending) place--;
            _prompts.Insert(place, sequence);
        }

        if (_prompts.Count == 0) return;
        int reserved = Math.Min(_prefillLeft / 2, others);
        _prefillLeft -= reserved;
        Provide(_prompts[0]);
        _prefillLeft += reserved;
        for (int i = 1; i < _prompts.Count; i++)
        {
            if (_running.Contains(_prompts[i])) Provide(_prompts[i]);
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
}
