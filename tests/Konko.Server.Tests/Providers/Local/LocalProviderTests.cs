using System.Net;
using System.Text.Json.Nodes;
using Konko.Engine;
using Konko.Engine.Sampling;
using Konko.Server.Api;
using Konko.Server.Generation;
using Konko.Server.Providers;
using Konko.Server.Tests.Api;
using Konko.Server.Tests.Support;

[assembly: AssemblyFixture(typeof(SmallModel))]

namespace Konko.Server.Tests.Providers.Local;

public sealed class LocalProviderTests(SmallModel small)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_Chat_AnswersAndCountsItsTokens()
    {
        await using ApiHost host = await ApiHost.StartAsync(small.Provider);
        JsonNode answer = await AnswerAsync(host, "/v1/chat/completions", """ "messages":[{"role":"user","content":"What is the capital of France?"}],"temperature":0,"max_tokens":12 """);
        // What llama.cpp's server answers for this file, its prompt's length included.
        Assert.StartsWith("L'Étoile, la Mar", (string)answer["choices"]![0]!["message"]!["content"]!, StringComparison.Ordinal);
        Assert.Equal(37, (int)answer["usage"]!["prompt_tokens"]!);
        Assert.Equal(12, (int)answer["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task Post_StopString_EndsWithTheTokenThatCompletesIt()
    {
        await using ApiHost host = await ApiHost.StartAsync(small.Provider);
        JsonNode free = await AnswerAsync(host, "/v1/completions", """ "prompt":"1, 2, 3, 4,","temperature":0,"max_tokens":16,"logprobs":0 """);
        string text = (string)free["choices"]![0]!["text"]!;
        Assert.Contains("6,", text, StringComparison.Ordinal);
        string[] tokens = [.. free["choices"]![0]!["logprobs"]!["tokens"]!.AsArray().Select(token => (string)token!)];
        int needed = Enumerable.Range(1, tokens.Length).First(count => string.Concat(tokens[..count]).Contains("6,", StringComparison.Ordinal));

        JsonNode stopped = await AnswerAsync(host, "/v1/completions", """ "prompt":"1, 2, 3, 4,","temperature":0,"max_tokens":16,"stop":"6,","details":true """);
        Assert.Equal(text[..text.IndexOf("6,", StringComparison.Ordinal)], (string)stopped["choices"]![0]!["text"]!);
        Assert.Equal("stop_sequence", (string)stopped["details"]!["finish_reason"]!);
        Assert.Equal(needed, (int)stopped["usage"]!["completion_tokens"]!);
    }

    [Theory]
    [InlineData("The capital of France is Paris", 6)]
    [InlineData("The", 1)]
    public async Task Post_EchoWithoutTokens_ScoresThePrompt(string prompt, int count)
    {
        await using ApiHost host = await ApiHost.StartAsync(small.Provider);
        JsonNode answer = await AnswerAsync(host, "/v1/completions", $$""" "prompt":"{{prompt}}","echo":true,"logprobs":1,"max_tokens":0 """);
        JsonNode choice = answer["choices"]![0]!;
        Assert.Equal((prompt, "length"), ((string)choice["text"]!, (string)choice["finish_reason"]!));
        JsonArray scores = choice["logprobs"]!["token_logprobs"]!.AsArray();
        Assert.Equal(count, scores.Count);
        Assert.Null(scores[0]);
        Assert.All(scores.Skip(1), score => Assert.InRange((float)score!, -9999, 0));
    }

    [Fact]
    public async Task Post_PromptFillsTheContext_Is400WithBothNumbers()
    {
        await using ApiHost host = await ApiHost.StartAsync(small.Provider);
        using HttpResponseMessage full = await host.PostAsync("/v1/completions", Body($"\"prompt\":[{string.Join(',', Enumerable.Repeat("5", SmallModel.Context))}]"));
        Assert.Equal(HttpStatusCode.BadRequest, full.StatusCode);
        JsonNode error = JsonNode.Parse(await full.Content.ReadAsStringAsync(Token))!["error"]!;
        Assert.Equal("context_length_exceeded", (string)error["code"]!);
        Assert.Contains($"{SmallModel.Context} tokens", (string)error["message"]!, StringComparison.Ordinal);

        JsonNode clamped = await AnswerAsync(host, "/v1/completions", $"\"prompt\":[{string.Join(',', Enumerable.Repeat("5", SmallModel.Context - 3))}],\"max_tokens\":100,\"ignore_eos\":true");
        Assert.Equal(3, (int)clamped["usage"]!["completion_tokens"]!);
        Assert.Equal("length", (string)clamped["choices"]![0]!["finish_reason"]!);
    }

    [Theory]
    [InlineData("\"prompt\":\"x\",\"logit_bias\":{\"49152\":1}", "logit_bias")]
    [InlineData("\"prompt\":[49152]", "prompt")]
    [InlineData("\"prompt\":\"\"", "prompt")]
    public async Task Post_WhatOnlyTheModelKnows_Is400(string members, string param)
    {
        await using ApiHost host = await ApiHost.StartAsync(small.Provider);
        using HttpResponseMessage response = await host.PostAsync("/v1/completions", Body(members));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["error"]!["param"]!);
    }

    [Fact]
    public async Task Admit_QueueIsFull_IsOverloaded()
    {
        await using LocalModel model = await SmallModel.LoadAsync(new LocalModelOptions { ContextLength = 2000, MaxRunning = 1, MaxQueued = 1 });
        var provider = SmallModel.ProviderOf(model);
        var admitted = new List<AdmittedGeneration>();
        Konko.Server.Api.Errors.ApiError? error = null;
        // The first runs, so that the next waits; how soon the first leaves the queue is the scheduler's affair.
        while (error is null)
        {
            if ((await provider.AdmitAsync(Endless(), Token)).TryGet(out AdmittedGeneration? generation, out error)) admitted.Add(generation);
            Assert.True(admitted.Count <= 3);
        }

        Assert.Equal((429, "overloaded"), (error.Status, error.Code));
        Assert.NotNull(error.RetryAfter);
        foreach (AdmittedGeneration generation in admitted) await generation.DisposeAsync();
        while (model.Scheduler.Statistics is not { Queued: 0, Running: 0 }) await Task.Yield();
    }

    [Fact]
    public async Task Read_ReaderLeaves_FreesTheEngineWithinATokenOrTwo()
    {
        await using LocalModel model = await SmallModel.LoadAsync(new LocalModelOptions { ContextLength = 2000 });
        var provider = SmallModel.ProviderOf(model);
        await using (AdmittedGeneration generation = (await provider.AdmitAsync(Endless(), Token)).Generation!)
        {
            await foreach (GenerationEvent entry in generation.ReadAsync(Token))
            {
                Assert.IsType<ChoiceAdvanced>(entry);
                break;
            }
        }

        while (model.Scheduler.Statistics is not { Running: 0, Kv.Used: 0 }) await Task.Yield();
    }

    [Fact]
    public async Task Read_EngineStops_EndsInAnError()
    {
        LocalModel model = await SmallModel.LoadAsync(new LocalModelOptions { ContextLength = 2000 });
        var provider = SmallModel.ProviderOf(model);
        await using AdmittedGeneration generation = (await provider.AdmitAsync(Endless(), Token)).Generation!;
        GenerationEvent? last = null;
        await foreach (GenerationEvent entry in generation.ReadAsync(Token))
        {
            if (last is null) await model.DisposeAsync();
            last = entry;
        }

        Assert.Equal(503, Assert.IsType<GenerationFailed>(last).Error.Status);
        Assert.Equal(503, (await provider.AdmitAsync(Endless(), Token)).Error!.Status);
    }

    [Fact]
    [Trait("Gate", "fuzz")]
    public async Task Post_MutatedBodies_AreAnsweredOrRefusedWell()
    {
        // A tiny model, so that an answer which takes long is a hang and not 128 honest choices of a large one.
        await using LocalModel tiny = await LocalModel.LoadAsync(
            Repository.Reference("tiny", "llama.gguf")!, new LocalModelOptions { ContextLength = SmallModel.Context }, TimeProvider.System, Token);
        await using ApiHost host = await ApiHost.StartAsync(SmallModel.ProviderOf(tiny), new ApiSettings { ChatMaxTokens = 8 });
        await FuzzTests.RunAsync(host, GateScale.Of(100, 1_000), defaultMaxTokens: 8, TimeSpan.FromSeconds(5));
    }

    private static ProviderRequest Endless() => new()
    {
        Model = ApiHost.Model,
        Prompt = new TextPrompt("Once upon a time"),
        Sampling = new SamplingParameters { IgnoreEos = true },
        Clock = RequestClock.Start(TimeProvider.System),
    };

    private static string Body(string members) => $$"""{"model":"{{ApiHost.Model}}",{{members}}}""";

    private static async Task<JsonNode> AnswerAsync(ApiHost host, string path, string members)
    {
        using HttpResponseMessage response = await host.PostAsync(path, Body(members));
        string body = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }
}
