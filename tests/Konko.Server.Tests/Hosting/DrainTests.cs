using Konko.Engine.Sampling;
using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Konko.Server.Generation;
using Konko.Server.Hosting;
using Konko.Server.Models;
using Konko.Server.Providers;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Server.Tests.Hosting;

public sealed class DrainTests
{
    private static readonly KonkoOptions s_options = new() { DrainTimeout = TimeSpan.FromSeconds(30) };
    private static readonly GenerationEvent s_token = new ChoiceAdvanced(0, new GeneratedToken(1, "a", -1, false), "a");

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedProvider _provider = new();

    [Fact]
    public async Task Stopping_NothingRuns_EndsAtOnce()
    {
        using var drain = new Drain(s_options, _time);

        await drain.StoppingAsync(CancellationToken.None);

        Assert.True(drain.IsDraining);
        Assert.False(drain.Expired.IsCancellationRequested);
    }

    [Fact]
    public async Task Stopping_AnswerRuns_WaitsForItsEndAndTakesNothingNew()
    {
        using var drain = new Drain(s_options, _time);
        AdmittedGeneration running = await AdmitAsync(drain);
        Task stopping = drain.StoppingAsync(CancellationToken.None);

        Admission refused = await new DrainingProvider(_provider, drain).AdmitAsync(Request(), CancellationToken.None);
        Assert.Equal(503, refused.Error!.Status);
        Assert.NotNull(refused.Error.RetryAfter);
        _provider.Say(s_token);
        _provider.End();
        Assert.Equal([s_token], await ReadAsync(running, CancellationToken.None));
        Assert.False(stopping.IsCompleted);

        await running.DisposeAsync();
        await running.DisposeAsync();
        await stopping;
        Assert.Equal(0, drain.Running);
        Assert.Equal(1, _provider.Disposed);
        Assert.False(drain.Expired.IsCancellationRequested);
    }

    [Fact]
    public async Task Stopping_AnswerOutlivesTheLimit_EndsInAnError()
    {
        using var drain = new Drain(s_options, _time);
        AdmittedGeneration running = await AdmitAsync(drain);
        _provider.Say(s_token);
        Task<List<GenerationEvent>> reading = ReadAsync(running, CancellationToken.None);
        Task stopping = drain.StoppingAsync(CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(stopping.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await stopping;

        List<GenerationEvent> events = await reading;
        Assert.Equal(s_token, events[0]);
        ApiError error = Assert.IsType<GenerationFailed>(events[1]).Error;
        Assert.Equal((503, "server_error"), (error.Status, error.Type));
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public async Task Read_CallerGoesAway_IsACancellationAndNoError()
    {
        using var drain = new Drain(s_options, _time);
        AdmittedGeneration running = await AdmitAsync(drain);
        using var gone = new CancellationTokenSource();
        Task<List<GenerationEvent>> reading = ReadAsync(running, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Admit_ProviderRefuses_CountsNothing()
    {
        using var drain = new Drain(s_options, _time);

        Admission admission = await new DrainingProvider(new RefusingProvider(), drain).AdmitAsync(Request(), CancellationToken.None);

        Assert.Equal(429, admission.Error!.Status);
        Assert.Equal(0, drain.Running);
    }

    [Fact]
    public async Task Server_Stopping_AnswersHealthWhileAnswersRun()
    {
        var provider = new ScriptedProvider();
        await using RunningServer server = await RunningServer.StartAsync(loader: ScriptedLoader.Of(provider));
        ServedModel model = (await server.Server.Models.FindAsync(RunningServer.ModelId, CancellationToken.None)).Model!;
        AdmittedGeneration running = (await model.Provider.AdmitAsync(Request(), CancellationToken.None)).Generation!;

        Task stopping = server.Server.StopAsync(CancellationToken.None);
        await RunningServer.ErrorAsync(await server.GetAsync("/readyz"), 503);
        using HttpResponseMessage alive = await server.GetAsync("/livez");
        Assert.Equal(200, (int)alive.StatusCode);
        Assert.False(stopping.IsCompleted);

        await running.DisposeAsync();
        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => server.GetAsync("/livez"));
    }

    private async Task<AdmittedGeneration> AdmitAsync(Drain drain)
        => (await new DrainingProvider(_provider, drain).AdmitAsync(Request(), CancellationToken.None)).Generation!;

    private static async Task<List<GenerationEvent>> ReadAsync(AdmittedGeneration generation, CancellationToken cancellationToken)
    {
        var events = new List<GenerationEvent>();
        await foreach (GenerationEvent item in generation.ReadAsync(cancellationToken)) events.Add(item);
        return events;
    }

    private static ProviderRequest Request()
        => new() { Model = RunningServer.ModelId, Prompt = new TextPrompt("x"), Sampling = new SamplingParameters(), Clock = RequestClock.Start(TimeProvider.System) };

    private sealed class RefusingProvider : IProvider
    {
        public ValueTask<Admission> AdmitAsync(ProviderRequest request, CancellationToken cancellationToken)
            => ValueTask.FromResult<Admission>(ApiError.Overloaded(TimeSpan.FromSeconds(1)));
    }
}
