using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Konko.Server.Hosting;
using Konko.Server.Models;
using Konko.Server.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Server.Tests.Models;

public sealed class ModelRegistryTests : IAsyncDisposable
{
    private static readonly KonkoOptions s_options = new()
    {
        Models = [new ModelOptions { Path = "tiny.gguf", Id = "Org/Tiny", Aliases = ["T"] }],
        Aliases = new Dictionary<string, string> { ["gpt-x"] = "org/tiny" },
        LoadWait = TimeSpan.FromSeconds(30),
    };

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedLoader _loader = new();
    private readonly Drain _drain;
    private readonly ModelRegistry _registry;

    public ModelRegistryTests()
    {
        _drain = new Drain(s_options, _time);
        _registry = new ModelRegistry(s_options, _loader, _drain, _time, NullLogger<ModelRegistry>.Instance);
        _registry.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _drain.Dispose();
    }

    [Theory]
    [InlineData("org/tiny", "org/tiny")]
    [InlineData("ORG/TINY", "org/tiny")]
    [InlineData("t", "t")]
    [InlineData("GPT-X", "gpt-x")]
    public async Task Find_AnyName_EchoesItInCanonicalForm(string name, string echoed)
    {
        _loader.Finish();

        ServedModel model = (await _registry.FindAsync(name, CancellationToken.None)).Model!;

        Assert.Equal(("org/tiny", echoed, "fp_test", 2048), (model.Id, model.Name, model.Fingerprint, model.ContextLength));
        Assert.True(model.IsChat);
    }

    [Fact]
    public async Task Find_WhileLoading_WaitsForTheModel()
    {
        ValueTask<ModelLookup> finding = _registry.FindAsync("org/tiny", CancellationToken.None);
        Assert.False(finding.IsCompleted);

        _loader.Finish();

        Assert.Equal("fp_test", (await finding).Model!.Fingerprint);
    }

    [Fact]
    public async Task Find_LoadingTakesTooLong_Is503WithRetryAfter()
    {
        ValueTask<ModelLookup> finding = _registry.FindAsync("org/tiny", CancellationToken.None);

        _time.Advance(s_options.LoadWait);

        ApiError error = (await finding).Error!;
        Assert.Equal((503, "server_error"), (error.Status, error.Type));
        Assert.NotNull(error.RetryAfter);
    }

    [Fact]
    public async Task Find_LoadingFailed_Is503WithoutTheReason()
    {
        _loader.Fail("no such tensor");
        ModelLoadException exception = await Assert.ThrowsAsync<ModelLoadException>(() => _registry.Loading);
        Assert.Equal("the model 'org/tiny' could not be loaded from tiny.gguf: no such tensor", exception.Message);

        ApiError error = (await _registry.FindAsync("org/tiny", CancellationToken.None)).Error!;

        Assert.Equal(503, error.Status);
        Assert.DoesNotContain("tensor", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_CallerGoesAway_StopsWaiting()
    {
        using var gone = new CancellationTokenSource();
        ValueTask<ModelLookup> finding = _registry.FindAsync("org/tiny", gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await finding);
    }

    [Fact]
    public async Task Find_UnknownName_Is404AtOnce()
    {
        ApiError error = (await _registry.FindAsync("nobody", CancellationToken.None)).Error!;

        Assert.Equal((404, "model_not_found"), (error.Status, error.Code));
    }
}
