using System.Text.Json.Nodes;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Api.Answers;

[Trait("Gate", "stream-equals-whole")]
public sealed class StreamEqualsWholeTests
{
    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/completions")]
    public async Task Post_RandomRequest_StreamsWhatTheWholeAnswerSays(string path)
    {
        bool chat = path.Contains("chat", StringComparison.Ordinal);
        await using ApiHost host = await ApiHost.StartAsync(new ScriptedProvider(Script.Drawn));
        var random = new Random(chat ? 1 : 2);
        for (int round = 0; round < GateScale.Of(200, 2000); round++)
        {
            JsonObject request = RandomRequests.Next(random, chat);
            string whole = await BodyAsync(host, path, request);

            bool includeUsage = random.Next(3) == 0;
            bool roleOnce = random.Next(3) == 0;
            request["stream"] = true;
            if (includeUsage) request["stream_options"] = new JsonObject { ["include_usage"] = true };
            (string, string)[] headers = roleOnce ? [("X-Stainless-Helper-Method", "chat.completions.stream")] : [];
            using HttpResponseMessage response = await host.PostAsync(path, request.ToJsonString(), headers);
            Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            var transcript = SseTranscript.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.True(transcript.Done);

            bool logprobs = request["logprobs"] is { } wanted && (wanted.GetValueKind() == System.Text.Json.JsonValueKind.Number || (bool)wanted);
            JsonObject folded = AnswerFold.Whole(transcript.Events, chat, logprobs, includeUsage, roleOnce);
            string expected = AnswerFold.Comparable(whole).ToJsonString();
            Assert.True(expected == folded.ToJsonString(), $"{request.ToJsonString()}\nwhole:  {expected}\nstream: {folded.ToJsonString()}");
        }
    }

    private static async Task<string> BodyAsync(ApiHost host, string path, JsonObject request)
    {
        using HttpResponseMessage response = await host.PostAsync(path, request.ToJsonString());
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{request.ToJsonString()}\n{body}");
        return body;
    }
}
