using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Server.Api.Answers;
using Konko.Server.Api.ChatCompletions;
using Konko.Server.Api.Completions;
using Konko.Server.Api.Validation;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Api;

/// <summary>
/// Mutated bodies over the wire: every reply is a well-formed error, or a well-formed answer that equals the answer to
/// the request as it was understood, sent again in canonical form.
/// </summary>
[Trait("Gate", "fuzz")]
public sealed class FuzzTests
{
    [Fact]
    public async Task Post_MutatedBodies_AreAnsweredOrRefusedWell()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ScriptedProvider(Script.Drawn));
        await RunAsync(host, GateScale.Of(3_000, 100_000), defaultMaxTokens: null, TimeSpan.FromSeconds(5));
    }

    /// <summary>Sends mutated bodies, many at once, and checks the replies.</summary>
    /// <param name="host">Who answers.</param>
    /// <param name="count">Number of bodies.</param>
    /// <param name="defaultMaxTokens">The host's setting for chats.</param>
    /// <param name="patience">A reply that takes longer is a hang.</param>
    internal static async Task RunAsync(ApiHost host, int count, int? defaultMaxTokens, TimeSpan patience)
    {
        const int Lanes = 16;
        int rounds = (count + Lanes - 1) / Lanes;
        int answered = 0;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
        {
            var random = new Random(lane);
            for (int round = 0; round < rounds; round++)
            {
                bool chat = random.Next(2) == 0;
                JsonObject request = RandomRequests.Next(random, chat);
                if (random.Next(2) == 0) request["stream"] = true;
                byte[] body = BodyMutator.Next(random, request);
                try
                {
                    if (await IsAnsweredAsync(host, body, chat, defaultMaxTokens, patience)) Interlocked.Increment(ref answered);
                }
                catch (Exception e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
                {
                    throw new InvalidOperationException($"lane {lane}, round {round}, {(chat ? "chat" : "text")}: {Encoding.UTF8.GetString(body)}", e);
                }
            }
        })));
        // Both outcomes are worth nothing if there is only one of them.
        Assert.InRange(answered, rounds * Lanes / 10, rounds * Lanes * 9 / 10);
    }

    private static async Task<bool> IsAnsweredAsync(ApiHost host, byte[] body, bool chat, int? defaultMaxTokens, TimeSpan patience)
    {
        string path = chat ? "/v1/chat/completions" : "/v1/completions";
        using HttpResponseMessage response = await host.SendAsync(path, body).WaitAsync(patience);
        byte[] reply = await response.Content.ReadAsByteArrayAsync().WaitAsync(patience);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"status {response.StatusCode}");
            AssertIsError(reply);
            return false;
        }

        (AnswerRequest request, long seed) = (Understood(body, chat, defaultMaxTokens), long.Parse(response.Headers.GetValues("x-konko-seed").Single(), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(seed, request.Seed ?? seed);
        string canonical = CanonicalRequest.Write(request, chat, seed);
        using HttpResponseMessage again = await host.PostAsync(path, canonical).WaitAsync(patience);
        string whole = await again.Content.ReadAsStringAsync().WaitAsync(patience);
        Assert.True(again.IsSuccessStatusCode, $"{canonical}\n{whole}");

        string expected = Plain(AnswerFold.Comparable(whole));
        if (!request.Stream)
        {
            Assert.Equal(expected, Plain(AnswerFold.Comparable(Encoding.UTF8.GetString(reply))));
            return true;
        }

        var transcript = SseTranscript.Parse(reply);
        Assert.True(transcript.Done);
        Assert.Equal(expected, Plain(AnswerFold.Whole(transcript.Events, chat, request.Sampling.TopLogProbs is not null, request.IncludeUsage, roleOnce: false)));
        return true;
    }

    private static string Plain(JsonObject whole)
    {
        whole["usage"]!["prompt_tokens_details"]!["cached_tokens"] = 0;
        return whole.ToJsonString();
    }

    private static AnswerRequest Understood(byte[] body, bool chat, int? defaultMaxTokens)
    {
        using JsonDocument document = RequestBody.Parse(body).Document!;
        var parameters = new Parameters(document.RootElement);
        AnswerRequest request = chat ? ChatRequestParser.Parse(parameters, defaultMaxTokens) : CompletionRequestParser.Parse(parameters);
        Assert.Null(parameters.Error);
        return request;
    }

    private static void AssertIsError(byte[] reply)
    {
        using var document = JsonDocument.Parse(reply);
        JsonProperty error = Assert.Single(document.RootElement.EnumerateObject());
        Assert.Equal("error", error.Name);
        Assert.Equal(["message", "type", "param", "code"], error.Value.EnumerateObject().Select(member => member.Name));
        Assert.NotEqual("", error.Value.GetProperty("message").GetString());
        Assert.Equal("invalid_request_error", error.Value.GetProperty("type").GetString());
    }
}
