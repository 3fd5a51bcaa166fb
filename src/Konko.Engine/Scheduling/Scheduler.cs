using System.Diagnostics.CodeAnalysis;
using Konko.Engine.Cache;
using Konko.Engine.Models;

namespace Konko.Engine.Scheduling;

/// <summary>Runs many requests on one model at once. A thread of its own owns the model while the scheduler lives; it sleeps when there is nothing to do.</summary>
public sealed class Scheduler : IAsyncDisposable
{
    /// <summary>Most choices of a request.</summary>
    public const int MaxChoices = 128;

    private readonly CausalModel _model;
    private readonly TimeProvider _time;
    private readonly KvPool _pool;
    private readonly RequestQueue _queue;
    private readonly ContinuousBatch _batch;
    private readonly StepLoop _loop;
    private readonly OutputDelivery _delivery = new();
    private readonly SchedulerMetrics _metrics;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _abort;

    /// <summary>Starts the thread.</summary>
    /// <param name="model">The model; the scheduler calls it, but does not dispose of it.</param>
    /// <param name="endOfGeneration">Ids of the tokens that end a text.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">Measures times and deadlines.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range, or the KV bytes hold no page.</exception>
    public Scheduler(CausalModel model, IReadOnlyList<int> endOfGeneration, SchedulerOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(endOfGeneration);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _model = model;
        _time = time;
        _pool = new KvPool(model.KvLayout, options.KvBytes);
        _queue = new RequestQueue(options.MaxQueued, options.QueueDeadline, time);
        _metrics = new SchedulerMetrics(options.Name, () => Statistics);
        _batch = new ContinuousBatch(_pool, _queue, options, model.MaxStepTokens, time, _metrics);
        _loop = new StepLoop(model, endOfGeneration, _pool, _batch, time, _metrics);
        new Thread(Run) { Name = "konko scheduler", IsBackground = true }.Start();
    }

    /// <summary>What the scheduler holds now; exact while it rests.</summary>
    public SchedulerStatistics Statistics => new(_queue.Count, _batch.Running, _batch.Waiting, _pool.Statistics);

    /// <summary>Hands in a request; it starts after those that wait already.</summary>
    /// <param name="request">What to generate; validated and clamped to the context by the caller.</param>
    /// <param name="handle">The request's outputs, where it was taken.</param>
    /// <param name="refusal">Why it was not taken, else null.</param>
    /// <returns>Whether it was taken.</returns>
    /// <exception cref="ArgumentException">The request breaks its own contract; the message names the property.</exception>
    public bool TrySubmit(GenerationRequest request, [NotNullWhen(true)] out GenerationHandle? handle, [NotNullWhen(false)] out SubmitRefusal? refusal)
    {
        int[] prompt = Validate(request);
        handle = null;
        var state = new RequestState(request, prompt, _time.GetTimestamp(), _delivery);
        refusal = state.MostPages > _pool.PageLimit ? SubmitRefusal.TooLarge : _queue.TryAdd(state);
        if (refusal is not null) return false;
        handle = new GenerationHandle(state);
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

    /// <summary>Stops at the next step and frees the KV cache.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _metrics.Dispose();
        _loop.Dispose();
        _pool.Dispose();
    }

    private void Run()
    {
        while (_batch.Running + _batch.Waiting > 0 || _queue.Wait())
        {
            if (Volatile.Read(ref _abort))
            {
                _batch.FailAll(GenerationFailure.Stopped, "The server stopped before the end of the request.", null);
                _delivery.Send();
                continue;
            }

            try
            {
                _loop.Step();
            }
            catch (Exception e)
            {
                _batch.FailAll(GenerationFailure.Internal, "The scheduler failed.", e);
            }

            _delivery.Send();
        }

        _delivery.Dispose();
        _stopped.SetResult();
    }

    private int[] Validate(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfNegative(request.MaxTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Choices, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Choices, MaxChoices);
        if (request.PromptLogProbs is { } top)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(top, "request.PromptLogProbs");
            ArgumentOutOfRangeException.ThrowIfGreaterThan(top, _model.VocabularySize, "request.PromptLogProbs");
        }

        int[] prompt = [.. request.Prompt];
        if (prompt.Length == 0) throw new ArgumentException("Prompt is empty.", nameof(request));
        if ((long)prompt.Length + request.MaxTokens > _model.ContextLength)
        {
            throw new ArgumentException(
                $"Prompt and MaxTokens, {prompt.Length} and {request.MaxTokens}, are more than the context of {_model.ContextLength}.", nameof(request));
        }

        foreach (int id in prompt)
        {
            if ((uint)id >= (uint)_model.VocabularySize) throw new ArgumentException($"Prompt holds {id}, which is no token.", nameof(request));
        }

        return prompt;
    }
}
