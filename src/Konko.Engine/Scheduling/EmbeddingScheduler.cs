using System.Diagnostics.CodeAnalysis;
using Konko.Engine.Models;

namespace Konko.Engine.Scheduling;

/// <summary>Runs the embedding requests of many callers on one model: what waits together is computed together. A thread of its own owns the model while the scheduler lives; it sleeps when there is nothing to do.</summary>
public sealed class EmbeddingScheduler : IAsyncDisposable
{
    private readonly EmbeddingModel _model;
    private readonly EmbeddingSchedulerOptions _options;
    private readonly TimeProvider _time;
    private readonly EmbeddingQueue _queue;
    private readonly EmbeddingMetrics _metrics;
    private readonly EmbeddingBatch _batch = new();
    private readonly List<EmbeddingState> _owners = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _abort;

    /// <summary>Starts the thread.</summary>
    /// <param name="model">The model; the scheduler calls it, but does not dispose of it.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">Measures times and deadlines.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public EmbeddingScheduler(EmbeddingModel model, EmbeddingSchedulerOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate(model.ContextLength);
        (_model, _options, _time) = (model, options, time);
        MaxTokens = options.MaxTokens == 0 ? model.ContextLength : options.MaxTokens;
        _queue = new EmbeddingQueue(options.MaxQueued, options.QueueDeadline, time);
        _metrics = new EmbeddingMetrics(options.Name, () => Statistics);
        new Thread(Run) { Name = "konko embeddings", IsBackground = true }.Start();
    }

    /// <summary>Most tokens of a text.</summary>
    public int MaxTokens { get; }

    /// <summary>What the scheduler holds now; exact while it rests.</summary>
    public EmbeddingStatistics Statistics => new(_queue.Count, Volatile.Read(ref _running));

    /// <summary>Hands in a request; its texts take turns with those of the others.</summary>
    /// <param name="request">What to embed; validated by the caller.</param>
    /// <param name="vectors">
    /// Where it was taken: ends with a vector for each text in their order; in a <see cref="GenerationFailedException"/>
    /// where it could not be finished; cancelled where <paramref name="cancellationToken"/> was.
    /// </param>
    /// <param name="refusal">Why it was not taken, else null.</param>
    /// <param name="cancellationToken">Abandons the request; what has not started of it never does.</param>
    /// <returns>Whether it was taken.</returns>
    /// <exception cref="ArgumentException">The request breaks its own contract; the message names the property.</exception>
    public bool TrySubmit(
        EmbeddingRequest request, [NotNullWhen(true)] out Task<IReadOnlyList<float[]>>? vectors, [NotNullWhen(false)] out SubmitRefusal? refusal, CancellationToken cancellationToken = default)
    {
        int[][] inputs = Validate(request);
        var state = new EmbeddingState(inputs, request.Dimensions == 0 ? _model.Dimensions : request.Dimensions, _time.GetTimestamp());
        state.EndWith(cancellationToken);
        refusal = _queue.TryAdd(state);
        if (refusal is not null)
        {
            state.Leave();
            vectors = null;
            return false;
        }

        vectors = state.End;
        return true;
    }

    /// <summary>Takes no more requests, lets those that were taken finish until the time is up, and fails the rest. Returns when the thread has ended.</summary>
    /// <param name="drainTimeout">How long they may go on; zero ends them at the next step.</param>
    /// <param name="cancellationToken">Ends the patience early.</param>
    public async Task StopAsync(TimeSpan drainTimeout, CancellationToken cancellationToken = default)
    {
        _queue.Close();
        try
        {
            await _stopped.Task.WaitAsync(drainTimeout, _time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            Volatile.Write(ref _abort, true);
            await _stopped.Task;
        }
    }

    /// <summary>Stops at the next step.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _metrics.Dispose();
    }

    private void Run()
    {
        while (_queue.Wait())
        {
            if (Volatile.Read(ref _abort)) _queue.FailAll(GenerationFailure.Stopped, "The server stopped before the end of the request.");
            else Step();
        }

        _stopped.SetResult();
    }

    private void Step()
    {
        long start = _time.GetTimestamp();
        _queue.Plan(_batch, _options.MaxStepTokens, _owners);
        if (_owners.Count == 0) return;
        Volatile.Write(ref _running, _owners.Count);
        try
        {
            _model.Embed(_batch);
        }
        catch (Exception e)
        {
            foreach (EmbeddingState owner in _owners) owner.Fail(GenerationFailure.Forward, "The model failed in a step of the request.", e);
            return;
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }

        for (int i = 0; i < _owners.Count; i++)
        {
            if (!_batch.Texts[i].Vector.All(float.IsFinite)) _owners[i].Fail(GenerationFailure.Forward, "The model gave numbers that are not finite.");
            else _owners[i].Finish();
        }

        _metrics.Record(_owners.Count, _batch.Tokens.Length, _time.GetElapsedTime(start));
    }

    private int[][] Validate(EmbeddingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Dimensions, "request.Dimensions");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Dimensions, _model.Dimensions, "request.Dimensions");
        if (request.Inputs.Count == 0) throw new ArgumentException("Inputs is empty.", nameof(request));
        int[][] inputs = [.. request.Inputs.Select(tokens => tokens.ToArray())];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Length == 0) throw new ArgumentException($"Inputs[{i}] is empty.", nameof(request));
            if (inputs[i].Length > MaxTokens) throw new ArgumentException($"Inputs[{i}] has {inputs[i].Length} tokens, more than {MaxTokens}.", nameof(request));
            foreach (int id in inputs[i])
                if ((uint)id >= (uint)_model.VocabularySize) throw new ArgumentException($"Inputs[{i}] holds {id}, which is no token.", nameof(request));
        }

        return inputs;
    }
}
