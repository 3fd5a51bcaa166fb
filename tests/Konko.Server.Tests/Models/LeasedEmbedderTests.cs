using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Konko.Server.Hosting;
using Konko.Server.Models;
using Konko.Server.Providers;
using Konko.Server.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Server.Tests.Models;

public sealed class LeasedEmbedderTests : IAsyncDisposable
{
    private static readonly KonkoOptions s_options = new()
    {
        Models = [new ModelOptions { Path = "tiny.gguf", Id = "org/tiny" }],
        DrainTimeout = TimeSpan.FromSeconds(30),
    };

    private readonly FakeTimeProvider _time = new();
    private readonly HeldEmbedder _embedder = new();
    private readonly Drain _drain;
    private readonly ModelRegistry _registry;

    public LeasedEmbedderTests()
    {
        _drain = new Drain(s_options, _time);
        var loader = new ScriptedLoader { Embedder = _embedder };
        loader.Finish();
        _registry = new ModelRegistry(s_options, loader, _drain, _time, NullLogger<ModelRegistry>.Instance);
        _registry.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _drain.Dispose();
    }

    [Fact]
    public async Task Embed_WhileItRuns_HoldsTheModelAndTheDrain()
    {
        IEmbedder embedder = await FindAsync();
        Task<(EmbeddedTexts? Embedded, ApiError? Error)> running = embedder.EmbedAsync(Request(), CancellationToken.None).AsTask();
        await _embedder.Entered.Task;
        RegisteredModel model = Assert.Single(_registry.Models);
        Assert.Equal((1, 1), (model.Leases, _drain.Running));

        _embedder.Gate.SetResult();

        Assert.Equal(7, (await running).Embedded!.PromptTokens);
        Assert.Equal((0, 0), (model.Leases, _drain.Running));
    }

    [Fact]
    public async Task Embed_ServerStops_TakesNothingNewAndIsCutWhenTheTimeIsUp()
    {
        IEmbedder embedder = await FindAsync();
        Task<(EmbeddedTexts? Embedded, ApiError? Error)> running = embedder.EmbedAsync(Request(), CancellationToken.None).AsTask();
        await _embedder.Entered.Task;
        Task stopping = _drain.StoppingAsync(CancellationToken.None);

        Assert.Equal(Drain.Refusal, (await embedder.EmbedAsync(Request(), CancellationToken.None)).Error);
        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(Drain.Cut, (await running).Error);
        await stopping;
        Assert.Equal(0, _drain.Running);
    }

    private async Task<IEmbedder> FindAsync()
    {
        Assert.True((await _registry.FindAsync("org/tiny", CancellationToken.None)).TryGet(out ServedModel? model, out _));
        return model.Embedder!;
    }

    private static EmbedderRequest Request() => new() { Inputs = [new TextPrompt("x")] };

    private sealed class HeldEmbedder : IEmbedder
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<(EmbeddedTexts? Embedded, ApiError? Error)> EmbedAsync(EmbedderRequest request, CancellationToken cancellationToken)
        {
            Entered.TrySetResult();
            await Gate.Task.WaitAsync(cancellationToken);
            return (new EmbeddedTexts([new float[1]], 7), null);
        }
    }
}
