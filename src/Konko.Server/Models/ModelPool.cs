using System.Diagnostics;
using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Konko.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Models;

/// <summary>
/// Brings models into memory when they are asked for, and takes them out when they are idle for long or when others
/// need their room, those first that were not used for longest. A model with a lease stays.
/// </summary>
/// <remarks>
/// Memory is set apart before a load begins and given back when an unload does; since a load waits for the unloads that
/// have begun before it, what is in memory never exceeds what is set apart.
/// </remarks>
internal sealed partial class ModelPool(
    IReadOnlyList<RegisteredModel> models, long limit, KonkoOptions options, IModelLoader loader, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_retryLoading = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private long _taken;
    private long _uses;
    private bool _stopped;

    /// <summary>Most bytes that all models may take.</summary>
    public long Limit => limit;

    /// <summary>Bytes that are set apart for models that are loaded or being loaded.</summary>
    public long Taken
    {
        get
        {
            lock (_lock) return _taken;
        }
    }

    /// <summary>Begins to load the models that are loaded at start, in their order.</summary>
    public void Start()
    {
        lock (_lock)
        {
            foreach (RegisteredModel model in models)
            {
                if (model.AtStart) _ = StartAsync(model, Begin(model));
            }
        }
    }

    /// <summary>Takes a lease of a model, and loads it first where that is needed; callers at the same time share one load.</summary>
    /// <param name="model">One of this pool's.</param>
    /// <param name="cancellationToken">Gives up waiting; a load that has begun goes on.</param>
    /// <returns>The lease; or the reason: still loading, could not be loaded, no memory.</returns>
    public async ValueTask<(ModelLease? Lease, ApiError? Error)> AcquireAsync(RegisteredModel model, CancellationToken cancellationToken)
    {
        Task<ApiError?> loading;
        lock (_lock)
        {
            if (_stopped) return (null, Drain.Refusal);
            if (model.State == ModelState.Failed && time.GetElapsedTime(time.GetTimestamp(), model.RetryAt) is { Ticks: > 0 } wait)
                return (null, Failed(model, wait));
            Touch(model);
            model.Leases++;
            if (model.Loaded is LoadedModel loaded) return (new ModelLease(loaded, () => Release(model)), null);
            loading = model.Loading ?? Begin(model);
        }

        ApiError? error;
        try
        {
            error = await loading.WaitAsync(options.LoadWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            error = new ApiError(503, $"The model '{model.Id}' is still loading. Try again in a moment.", ErrorTypes.Server, "model") { RetryAfter = s_retryLoading };
        }
        catch
        {
            Release(model);
            throw;
        }

        lock (_lock)
        {
            // The lease was there before the load ended, so only the server's end can have taken the model away since.
            if (error is null && model.Loaded is LoadedModel loaded) return (new ModelLease(loaded, () => Release(model)), null);
        }

        Release(model);
        return (null, error ?? Drain.Refusal);
    }

    public async ValueTask DisposeAsync()
    {
        Task[] loads;
        lock (_lock)
        {
            if (_stopped) return;
            _stopped = true;
            loads = [.. models.Select(model => model.Loading).OfType<Task>()];
        }

        await _stop.CancelAsync();
        await Task.WhenAll(loads);
        Task[] unloads;
        lock (_lock)
        {
            foreach (RegisteredModel model in models)
            {
                model.IdleTimer?.Dispose();
                if (model.State == ModelState.Loaded) Unload(model);
            }

            unloads = [.. models.Select(model => model.Unloading).OfType<Task>()];
        }

        await Task.WhenAll(unloads);
        _stop.Dispose();
    }

    private async Task StartAsync(RegisteredModel model, Task<ApiError?> loading)
    {
        ApiError? error = await loading;
        lock (_lock)
        {
            if (error is null) model.Started.TrySetResult();
            else if (_stopped) model.Started.TrySetCanceled();
            else model.Started.TrySetException(model.Failure ?? new ModelLoadException($"the model '{model.Id}' could not be loaded from {model.Options.Path}: {error.Message}", null));
        }
    }

    // Under the lock.
    private Task<ApiError?> Begin(RegisteredModel model)
    {
        // Known plans are settled in the order of the calls; the others once their file was read.
        bool known = model.Plan is not null && !model.PlanIsOld;
        if (known && Reserve(model) is ApiError refusal) return Task.FromResult<ApiError?>(refusal);
        model.State = ModelState.Loading;
        // Whatever a loader does before it first waits must keep nobody.
        return model.Loading = Task.Run(() => LoadAsync(model, known));
    }

    private async Task<ApiError?> LoadAsync(RegisteredModel model, bool reserved)
    {
        long began = time.GetTimestamp();
        try
        {
            _stop.Token.ThrowIfCancellationRequested();
            ModelFile? file = reserved ? null : loader.Read(model.Options);
            Task unloads;
            ModelPlan planned;
            lock (_lock)
            {
                if (file is not null)
                {
                    // What was planned for all models together is kept, whatever the file has become.
                    ModelPlan plan = ModelPlan.Within(file, limit);
                    model.Plan = model.Plan is ModelPlan old ? plan with { KvBytes = Math.Max(file.LeastKvBytes, Math.Min(plan.KvBytes, old.KvBytes)) } : plan;
                    model.PlanIsOld = false;
                    if (Reserve(model) is ApiError refusal)
                    {
                        model.State = ModelState.Unloaded;
                        model.Loading = null;
                        return refusal;
                    }
                }

                planned = model.Plan!;
                unloads = Task.WhenAll(models.Select(m => m.Unloading).OfType<Task>());
            }

            await unloads;
            LoadedModel loaded = await loader.LoadAsync(model.Options, planned, _stop.Token);
            lock (_lock)
            {
                (model.State, model.Loaded, model.Loading, model.Failures, model.WasLoaded) = (ModelState.Loaded, loaded, null, 0, true);
                model.PlanIsOld = true;
                Touch(model);
                WatchIdle(model);
            }

            LogLoaded(model.Id, time.GetElapsedTime(began).TotalSeconds, ByteSize.Text(model.Taken));
            return null;
        }
        catch (Exception exception)
        {
            return Fail(model, exception);
        }
    }

    private ApiError Fail(RegisteredModel model, Exception exception)
    {
        lock (_lock)
        {
            _taken -= model.Taken;
            model.Taken = 0;
            model.Loading = null;
            model.PlanIsOld = true;
            if (_stopped)
            {
                model.State = ModelState.Unloaded;
                return Drain.Refusal;
            }

            TimeSpan wait = s_firstRetry * Math.Pow(2, Math.Min(model.Failures++, 10));
            if (wait > s_lastRetry) wait = s_lastRetry;
            model.State = ModelState.Failed;
            model.RetryAt = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
            model.Failure = new ModelLoadException($"the model '{model.Id}' could not be loaded from {model.Options.Path}: {exception.Message}", exception);
            // Whoever started the server learns of those that were to be loaded at start.
            if (!model.AtStart || model.Started.Task.IsCompleted) LogFailed(model.Failure.Message, exception);
            return Failed(model, wait);
        }
    }

    // Under the lock.
    private ApiError? Reserve(RegisteredModel model)
    {
        ModelPlan plan = model.Plan!;
        if (plan.Bytes > limit) return MemoryErrors.Never(model.Id, plan, limit);
        long free = limit - _taken;
        var victims = new List<RegisteredModel>();
        foreach (RegisteredModel idle in models.Where(m => m.State == ModelState.Loaded && m.Leases == 0).OrderBy(m => m.LastUse))
        {
            if (free >= plan.Bytes) break;
            victims.Add(idle);
            free += idle.Taken;
        }

        // Nothing is unloaded for a load that would not fit even then.
        if (free < plan.Bytes) return MemoryErrors.Busy(model.Id, plan, limit, free);
        foreach (RegisteredModel victim in victims) Unload(victim);
        model.Taken = plan.Bytes;
        _taken += plan.Bytes;
        return null;
    }

    // Under the lock.
    private void Unload(RegisteredModel model)
    {
        LoadedModel loaded = model.Loaded!;
        (model.State, model.Loaded) = (ModelState.Unloaded, null);
        _taken -= model.Taken;
        model.Taken = 0;
        Task before = model.Unloading ?? Task.CompletedTask;
        model.Unloading = Task.Run(() => UnloadAsync(model.Id, loaded, before));
    }

    private async Task UnloadAsync(string id, LoadedModel loaded, Task before)
    {
        await before;
        try
        {
            if (loaded.Resources is IAsyncDisposable resources) await resources.DisposeAsync();
            LogUnloaded(id);
        }
        catch (Exception exception)
        {
            LogNotUnloaded(id, exception);
        }
    }

    private void Release(RegisteredModel model)
    {
        lock (_lock)
        {
            Debug.Assert(model.Leases > 0, "A lease was let go twice.");
            model.Leases--;
            Touch(model);
            WatchIdle(model);
        }
    }

    // Under the lock.
    private void Touch(RegisteredModel model) => (model.LastUsed, model.LastUse) = (time.GetTimestamp(), ++_uses);

    // Under the lock. The timer is not set anew at every request: when it rings too early it is set to what is left.
    private void WatchIdle(RegisteredModel model)
    {
        TimeSpan after = model.Options.UnloadAfter ?? Timeout.InfiniteTimeSpan;
        if (_stopped || model.IdleTimerRuns || after == Timeout.InfiniteTimeSpan || model.Leases > 0 || model.State != ModelState.Loaded) return;
        model.IdleTimerRuns = true;
        model.IdleTimer ??= time.CreateTimer(state => UnloadIdle((RegisteredModel)state!), model, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        TimeSpan left = after - time.GetElapsedTime(model.LastUsed);
        model.IdleTimer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void UnloadIdle(RegisteredModel model)
    {
        lock (_lock)
        {
            model.IdleTimerRuns = false;
            if (_stopped || model.State != ModelState.Loaded || model.Leases > 0) return;
            if (time.GetElapsedTime(model.LastUsed) >= model.Options.UnloadAfter) Unload(model);
            else WatchIdle(model);
        }
    }

    private static ApiError Failed(RegisteredModel model, TimeSpan wait)
        => new(503, $"The model '{model.Id}' could not be loaded; the server's log says why.", ErrorTypes.Server, "model") { RetryAfter = wait };

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Model} in {Seconds:0.00} s; {Memory} are set apart for it")]
    private partial void LogLoaded(string model, double seconds, string memory);

    [LoggerMessage(Level = LogLevel.Information, Message = "Unloaded {Model}")]
    private partial void LogUnloaded(string model);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Model} could not be unloaded")]
    private partial void LogNotUnloaded(string model, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogFailed(string reason, Exception exception);
}
