using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Konko.Server.Models;
using Konko.Server.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Server.Tests.Models;

public sealed class ModelPoolTests
{
    private static readonly KonkoOptions s_options = new() { LoadWait = TimeSpan.FromSeconds(30) };

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_ManyAtOnce_LoadOnce()
    {
        var loader = new FakeLoader();
        await using Setup pool = Create(loader, 1000, "a");
        TaskCompletionSource gate = loader.Hold("a");
        Task<(ModelLease? Lease, ApiError? Error)>[] callers = [.. Enumerable.Range(0, 50).Select(_ => pool.AcquireAsync("a"))];
        Assert.Equal(ModelState.Loading, pool["a"].State);
        Assert.All(callers, caller => Assert.False(caller.IsCompleted));

        gate.SetResult();

        foreach (Task<(ModelLease? Lease, ApiError? Error)> caller in callers) Assert.NotNull((await caller).Lease);
        Assert.Equal(["a"], loader.Loads);
        Assert.Equal((ModelState.Loaded, 50, 100), (pool["a"].State, pool["a"].Leases, pool.Pool.Taken));
    }

    [Fact]
    public async Task Acquire_MemoryShort_UnloadsTheLeastRecentlyUsedFirst()
    {
        var loader = new FakeLoader();
        await using Setup pool = Create(loader, 300, "a", "b", "c", "d");
        foreach (string id in (string[])["a", "b", "c", "a"]) await pool.UseAsync(id);

        await pool.UseAsync("d");

        Assert.Equal(["a", "b", "c", "d"], loader.Loads);
        Assert.Equal(["b"], loader.Unloads);
        Assert.Equal((ModelState.Loaded, ModelState.Unloaded, ModelState.Loaded), (pool["a"].State, pool["b"].State, pool["c"].State));
        Assert.Equal(300, loader.MostBytes);
    }

    [Fact]
    public async Task Acquire_OthersInUse_IsRefusedWithNumbersAndUnloadsNothing()
    {
        var loader = new FakeLoader { File = path => FakeLoader.Size(path == "big" ? 250 : 100) };
        await using Setup pool = Create(loader, 300, "a", "b", "big");
        await pool.UseAsync("b");
        using ModelLease used = (await pool.AcquireAsync("a")).Lease!;

        ApiError error = (await pool.AcquireAsync("big")).Error!;

        Assert.Equal((503, "server_error", "model"), (error.Status, error.Type, error.Param));
        Assert.NotNull(error.RetryAfter);
        Assert.Contains("(250 bytes)", error.Message, StringComparison.Ordinal);
        Assert.Contains("(300 bytes)", error.Message, StringComparison.Ordinal);
        Assert.Contains("(200 bytes) can be had", error.Message, StringComparison.Ordinal);
        Assert.Empty(loader.Unloads);

        used.Dispose();
        using ModelLease big = (await pool.AcquireAsync("big")).Lease!;
        Assert.Equal(["b", "a"], loader.Unloads.Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(250, pool.Pool.Taken);
    }

    [Fact]
    public async Task Acquire_CanNeverFit_SaysWhatWouldHelp()
    {
        var loader = new FakeLoader { File = path => path == "weights" ? FakeLoader.Size(400) : FakeLoader.Size(100, kv: 900, leastKv: 500) };
        await using Setup pool = Create(loader, 300, "weights", "context");

        ApiError weights = (await pool.AcquireAsync("weights")).Error!, context = (await pool.AcquireAsync("context")).Error!;

        Assert.Equal((503, false, (TimeSpan?)null), (weights.Status, weights.ShouldRetry, weights.RetryAfter));
        Assert.Contains("(400 bytes)", weights.Message, StringComparison.Ordinal);
        Assert.Contains("(300 bytes)", weights.Message, StringComparison.Ordinal);
        Assert.Contains("smaller weights", weights.Message, StringComparison.Ordinal);
        Assert.Contains("(600 bytes)", context.Message, StringComparison.Ordinal);
        Assert.Contains("--context", context.Message, StringComparison.Ordinal);
        Assert.Empty(loader.Loads);
    }

    [Fact]
    public async Task Lease_Held_KeepsTheModelWhateverTheTimeAndTheNeed()
    {
        var loader = new FakeLoader();
        await using Setup pool = Create(loader, 100, TimeSpan.FromMinutes(1), "a", "b");
        ModelLease lease = (await pool.AcquireAsync("a")).Lease!;

        _time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull((await pool.AcquireAsync("b")).Error);
        Assert.Equal(ModelState.Loaded, pool["a"].State);

        lease.Dispose();
        lease.Dispose();
        Assert.Equal(0, pool["a"].Leases);
        await pool.UseAsync("b");
        Assert.Equal(["a"], loader.Unloads);
    }

    [Fact]
    public async Task Idle_LongEnough_IsUnloadedAndLoadedAgainWhenAskedFor()
    {
        var loader = new FakeLoader();
        await using Setup pool = Create(loader, 1000, TimeSpan.FromMinutes(10), "a");
        await pool.UseAsync("a");
        _time.Advance(TimeSpan.FromMinutes(9));
        await pool.UseAsync("a");
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(ModelState.Loaded, pool["a"].State);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((ModelState.Unloaded, 0), (pool["a"].State, pool.Pool.Taken));
        await pool["a"].Unloading!;

        await pool.UseAsync("a");
        Assert.Equal(["a", "a"], loader.Loads);
        Assert.Equal(["a"], loader.Unloads);
    }

    [Fact]
    public async Task Idle_WithoutALimit_StaysForEver()
    {
        var loader = new FakeLoader();
        await using Setup pool = Create(loader, 1000, Timeout.InfiniteTimeSpan, "a");
        await pool.UseAsync("a");

        _time.Advance(TimeSpan.FromDays(300));

        Assert.Equal(ModelState.Loaded, pool["a"].State);
    }

    [Fact]
    public async Task Load_Fails_IsTriedAgainAfterAWaitThatGrows()
    {
        bool damaged = true;
        var loader = new FakeLoader { Load = _ => damaged ? Task.FromException(new InvalidDataException("damaged")) : Task.CompletedTask };
        await using Setup pool = Create(loader, 100, "a", "b");

        ApiError first = (await pool.AcquireAsync("a")).Error!;
        Assert.Equal((503, TimeSpan.FromSeconds(1)), (first.Status, first.RetryAfter));
        Assert.DoesNotContain("damaged", first.Message, StringComparison.Ordinal);
        Assert.Equal((ModelState.Failed, 0, 0), (pool["a"].State, pool["a"].Leases, pool.Pool.Taken));
        Assert.Equal("the model 'a' could not be loaded from a: damaged", pool["a"].Failure!.Message);

        _time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.Equal(TimeSpan.FromSeconds(0.6), (await pool.AcquireAsync("a")).Error!.RetryAfter);
        Assert.Single(loader.Loads);
        _time.Advance(TimeSpan.FromSeconds(0.6));
        Assert.Equal(TimeSpan.FromSeconds(2), (await pool.AcquireAsync("a")).Error!.RetryAfter);
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await pool.AcquireAsync("a");
        }

        Assert.Equal(12, loader.Loads.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        damaged = false;
        await pool.UseAsync("a");
        await pool.UseAsync("b");
        Assert.Equal(0, pool["a"].Failures);
    }

    [Fact]
    public async Task Load_FileReplaced_IsPlannedAnew()
    {
        long size = 100;
        var loader = new FakeLoader { File = _ => FakeLoader.Size(size) };
        await using Setup pool = Create(loader, 1000, TimeSpan.FromMinutes(1), "a");
        await pool.UseAsync("a");
        _time.Advance(TimeSpan.FromMinutes(1));
        await pool["a"].Unloading!;
        size = 700;

        await pool.UseAsync("a");

        Assert.Equal(700, pool.Pool.Taken);
    }

    [Fact]
    public async Task Acquire_CallerGoesAway_LetsGoButTheLoadGoesOn()
    {
        var loader = new FakeLoader();
        await using Setup pool = Create(loader, 1000, "a");
        TaskCompletionSource gate = loader.Hold("a");
        using var gone = new CancellationTokenSource();
        Task<(ModelLease?, ApiError?)> caller = pool.AcquireUntilAsync("a", gone.Token);
        Task load = pool["a"].Loading!;

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        gate.SetResult();
        await load;

        Assert.Equal((ModelState.Loaded, 0), (pool["a"].State, pool["a"].Leases));
    }

    [Fact]
    public async Task Acquire_LoadTakesTooLong_Is503AndTheLoadGoesOn()
    {
        var loader = new FakeLoader();
        await using Setup pool = Create(loader, 1000, "a");
        TaskCompletionSource gate = loader.Hold("a");
        Task<(ModelLease? Lease, ApiError? Error)> caller = pool.AcquireAsync("a");

        _time.Advance(s_options.LoadWait);

        ApiError error = (await caller).Error!;
        Assert.Equal((503, TimeSpan.FromSeconds(2)), (error.Status, error.RetryAfter));
        Assert.Equal((ModelState.Loading, 0), (pool["a"].State, pool["a"].Leases));
        gate.SetResult();
        await pool.UseAsync("a");
        Assert.Single(loader.Loads);
    }

    [Fact]
    public async Task Dispose_LoadOnItsWay_EndsItAndUnloadsTheRest()
    {
        var loader = new FakeLoader();
        Setup pool = Create(loader, 1000, "a", "b");
        await pool.UseAsync("a");
        loader.Hold("b");
        Task<(ModelLease? Lease, ApiError? Error)> caller = pool.AcquireAsync("b");

        await pool.DisposeAsync();
        await pool.DisposeAsync();

        Assert.Equal(503, (await caller).Error!.Status);
        Assert.Equal(503, (await pool.AcquireAsync("a")).Error!.Status);
        Assert.Equal(["a"], loader.Unloads);
    }

    /// <summary>Many requests against loads, unloads for want of room, unloads for idleness and failures: a lease's model is always there, and memory never exceeds the limit.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Acquire_ManyRequestsAgainstUnloads_NeverCutOneAndNeverTakeTooMuch(int seed)
    {
        string[] ids = ["a", "b", "c", "d", "e"];
        int loads = 0;
        var loader = new FakeLoader
        {
            File = path => FakeLoader.Size(path == "a" ? 200 : 100),
            Load = async _ =>
            {
                await Task.Yield();
                if (Interlocked.Increment(ref loads) % 17 == 0) throw new InvalidDataException("now and then");
            },
        };
        Setup pool = Create(loader, 300, TimeSpan.FromSeconds(1), ids);
        int served = 0, running = GateScale.Of(16, 64);
        Task[] callers = [.. Enumerable.Range(0, running).Select(caller => Task.Run(() => AskAsync(new Random(seed * 1000 + caller)), Token))];
        while (!Task.WhenAll(callers).IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.3));
            await Task.Yield();
        }

        await Task.WhenAll(callers);
        Assert.Equal(0, loader.UsedAfterUnload);
        Assert.InRange(loader.MostBytes, 200, 300);
        Assert.True(served > running, $"only {served} were served");
        Assert.NotEmpty(loader.Unloads);
        Assert.All(ids, id => Assert.Equal(0, pool[id].Leases));

        await pool.DisposeAsync();
        Assert.Equal(0, pool.Pool.Taken);
        Assert.All(ids, id => Assert.Null(pool[id].Loaded));

        async Task AskAsync(Random random)
        {
            for (int i = 0; i < 200; i++)
            {
                using var gone = new CancellationTokenSource();
                if (random.Next(10) == 0) gone.CancelAfter(TimeSpan.Zero);
                try
                {
                    (ModelLease? lease, ApiError? error) = await pool.AcquireUntilAsync(ids[random.Next(ids.Length)], gone.Token);
                    Assert.True(lease is null != error is null);
                    if (lease is null) continue;
                    for (int use = random.Next(5); use >= 0; use--)
                    {
                        loader.Use(lease.Model);
                        await Task.Yield();
                    }

                    Interlocked.Increment(ref served);
                    lease.Dispose();
                }
                catch (OperationCanceledException)
                {
                    Assert.True(gone.IsCancellationRequested);
                }
            }
        }
    }

    private Setup Create(FakeLoader loader, long limit, params string[] ids) => Create(loader, limit, Timeout.InfiniteTimeSpan, ids);

    private Setup Create(FakeLoader loader, long limit, TimeSpan unloadAfter, params string[] ids)
    {
        RegisteredModel[] models = [.. ids.Select(id => new RegisteredModel(new ModelOptions { Path = id, Id = id, Load = ModelLoad.Demand, UnloadAfter = unloadAfter }))];
        foreach (RegisteredModel model in models) model.Plan = ModelPlan.Within(loader.Read(model.Options), limit);
        return new Setup(new ModelPool(models, limit, s_options, loader, _time, NullLogger.Instance), models.ToDictionary(model => model.Id));
    }

    private sealed class Setup(ModelPool pool, Dictionary<string, RegisteredModel> models) : IAsyncDisposable
    {
        public ModelPool Pool => pool;

        public RegisteredModel this[string id] => models[id];

        public Task<(ModelLease? Lease, ApiError? Error)> AcquireAsync(string id) => AcquireUntilAsync(id, CancellationToken.None);

        public Task<(ModelLease? Lease, ApiError? Error)> AcquireUntilAsync(string id, CancellationToken gone)
            => pool.AcquireAsync(models[id], gone).AsTask();

        public async Task UseAsync(string id)
        {
            (ModelLease? lease, ApiError? error) = await AcquireAsync(id);
            Assert.Null(error?.Message);
            lease!.Dispose();
        }

        public ValueTask DisposeAsync() => pool.DisposeAsync();
    }
}
