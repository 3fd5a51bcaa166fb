using System.Collections.Concurrent;
using Konko.Server.Configuration;
using Konko.Server.Models;

namespace Konko.Server.Tests.Support;

/// <summary>Loads models that are nothing but numbers, and knows at every moment what is in memory.</summary>
internal sealed class FakeLoader : IModelLoader
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private long _bytes;
    private long _mostBytes;

    /// <summary>What a model's file tells; by path.</summary>
    public Func<string, ModelFile> File { get; init; } = _ => Size(100);

    /// <summary>What loading waits for before it ends; by path.</summary>
    public Func<string, Task> Load { get; init; } = _ => Task.CompletedTask;

    /// <summary>The loads that were begun, by path, in order.</summary>
    public ConcurrentQueue<string> Loads { get; } = new();

    /// <summary>The unloads that were done, by path, in order.</summary>
    public ConcurrentQueue<string> Unloads { get; } = new();

    /// <summary>Most bytes that were in memory together, those of loads on their way included.</summary>
    public long MostBytes => Interlocked.Read(ref _mostBytes);

    /// <summary>Models that were used after they were unloaded.</summary>
    public int UsedAfterUnload => _usedAfterUnload;

    private int _usedAfterUnload;

    public static ModelFile Size(long weights, long kv = 0, long leastKv = 0)
        => new() { ContextLength = 1000, WeightBytes = weights, BufferBytes = 0, KvBytes = kv, LeastKvBytes = leastKv, PositionBytes = kv == 0 ? 0 : 1 };

    /// <summary>Makes the loads of a path wait; finish them by the returned source.</summary>
    public TaskCompletionSource Hold(string path)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gates[path] = gate;
        return gate;
    }

    public ModelFile Read(ModelOptions model) => File(model.Path);

    public async Task<LoadedModel> LoadAsync(ModelOptions model, ModelPlan plan, CancellationToken cancellationToken)
    {
        Loads.Enqueue(model.Path);
        long bytes = plan.Bytes;
        long now = Interlocked.Add(ref _bytes, bytes);
        for (long most = MostBytes; now > most; most = MostBytes) Interlocked.CompareExchange(ref _mostBytes, now, most);
        try
        {
            if (_gates.TryGetValue(model.Path, out TaskCompletionSource? gate)) await gate.Task.WaitAsync(cancellationToken);
            await Load(model.Path).WaitAsync(cancellationToken);
        }
        catch
        {
            Interlocked.Add(ref _bytes, -bytes);
            throw;
        }

        var resources = new Resources(this, model.Path, bytes);
        return new LoadedModel
        {
            Provider = new ScriptedProvider(request =>
            {
                if (resources.IsDisposed) Interlocked.Increment(ref _usedAfterUnload);
                return [];
            }),
            Fingerprint = "fp",
            ContextLength = 1000,
            Resources = resources,
        };
    }

    /// <summary>What a lease's holder does with the model: finds out whether it is still there.</summary>
    public void Use(LoadedModel model)
    {
        if (((Resources)model.Resources!).IsDisposed) Interlocked.Increment(ref _usedAfterUnload);
    }

    private sealed class Resources(FakeLoader loader, string path, long bytes) : IAsyncDisposable
    {
        public volatile bool IsDisposed;

        public async ValueTask DisposeAsync()
        {
            IsDisposed = true;
            await Task.Yield();
            Interlocked.Add(ref loader._bytes, -bytes);
            loader.Unloads.Enqueue(path);
        }
    }
}
