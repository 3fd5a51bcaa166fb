using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Providers.Local;

/// <summary>Invariants of the wire over the embedded engine, alone and under load.</summary>
public sealed class EngineStreamTests
{
    [Fact]
    [Trait("Gate", "stream-equals-whole")]
    public async Task Post_RandomRequestsAtOnce_StreamWhatEachSaysWholeAndAlone()
    {
        await using EngineHost engine = await EngineHost.StartAsync(Repository.SmolLM2);
        var random = new Random(41);
        var requests = new List<(string Path, JsonObject Body)>();
        for (int i = 0; i < GateScale.Of(24, 200); i++)
        {
            bool chat = random.Next(3) > 0;
            JsonObject body = RandomRequests.Next(random, chat);
            // Without a BOS an empty text has no token to go on from, and is refused.
            while (!chat && body["prompt"]!.ToJsonString().Contains("\"\"", StringComparison.Ordinal)) body = RandomRequests.Next(random, chat);
            if (body["max_tokens"] is null) body["max_tokens"] = random.Next(16, 64);
            requests.Add((chat ? "/v1/chat/completions" : "/v1/completions", body));
        }

        // Whole, one after the other; then as streams, eight at once and in another order.
        var wholes = new string[requests.Count];
        for (int i = 0; i < requests.Count; i++) wholes[i] = Comparable(await BodyAsync(engine.Api, requests[i].Path, requests[i].Body));
        int[] order = [.. Enumerable.Range(0, requests.Count)];
        random.Shuffle(order);
        await Parallel.ForEachAsync(order, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            (string path, JsonObject body) = requests[i];
            JsonObject streamed = body.DeepClone().AsObject();
            streamed["stream"] = true;
            using HttpResponseMessage response = await engine.Api.PostAsync(path, streamed.ToJsonString());
            var transcript = SseTranscript.Parse(await response.Content.ReadAsByteArrayAsync(CancellationToken.None));
            Assert.True(transcript.Done);
            bool logprobs = body["logprobs"] is { } wanted && (wanted.GetValueKind() == JsonValueKind.Number || (bool)wanted);
            string folded = Comparable(AnswerFold.Whole(transcript.Events, path.Contains("chat", StringComparison.Ordinal), logprobs, includeUsage: false, roleOnce: false));
            Assert.True(wholes[i] == folded, $"{streamed.ToJsonString()}\nwhole:  {wholes[i]}\nstream: {folded}");
        });
        Assert.Equal(0, engine.PagesInUse);
    }

    [Fact]
    [Trait("Gate", "load")]
    public async Task Post_ClientsThatVanish_LeaveTheOthersWholeAndLoseNoPage()
    {
        await using EngineHost engine = await EngineHost.StartAsync(Repository.Reference("tiny", "llama.gguf")!);
        int clients = GateScale.Of(48, 64), stayed = 0;
        for (int round = 0; round < GateScale.Of(2, 10); round++)
        {
            await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
            {
                string body = $$"""{"model":"test/model","prompt":"Client {{client}} of round {{round}}","max_tokens":60,"seed":{{client}},"stream":true,"ignore_eos":true}""";
                using HttpResponseMessage response = await engine.Api.PostAsync("/v1/completions", body);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                if (client % 3 == 0)
                {
                    using Stream stream = await response.Content.ReadAsStreamAsync();
                    await stream.ReadExactlyAsync(new byte[200 + client]);
                    return;
                }

                Assert.True(SseTranscript.Parse(await response.Content.ReadAsByteArrayAsync()).Done);
                Interlocked.Increment(ref stayed);
            }));
        }

        Assert.True(stayed > 0);
        // What a vanished client's request holds is free at the step after the connection's end is noticed.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (engine.PagesInUse > 0 && !patience.IsCancellationRequested) await Task.Yield();
        Assert.Equal(0, engine.PagesInUse);
    }

    private static async Task<string> BodyAsync(ApiHost host, string path, JsonObject request)
    {
        using HttpResponseMessage response = await host.PostAsync(path, request.ToJsonString());
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{request.ToJsonString()}\n{body}");
        return body;
    }

    private static string Comparable(string whole) => Comparable(AnswerFold.Comparable(whole));

    private static string Comparable(JsonObject whole)
    {
        // What the prefix cache held at that moment is the one number that load may change.
        whole["usage"]!["prompt_tokens_details"]!.AsObject().Remove("cached_tokens");
        return whole.ToJsonString();
    }
}
