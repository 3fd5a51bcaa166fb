using System.Net;
using System.Text.Json.Nodes;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Streams;

[Trait("Gate", "stream-equals-whole")]
public sealed class ResumeTests
{
    private const string Chat = "/v1/chat/completions";

    private static readonly string s_body = $$"""{"model":"{{ApiHost.Model}}","messages":[{"role":"user","content":"hi"}],"stream":true,"seed":5,"max_tokens":12,"ignore_eos":true}""";

    [Theory]
    [InlineData(Chat)]
    [InlineData("/v1/completions")]
    public async Task Get_AfterEveryEvent_GoesOnWithTheSameBytes(string path)
    {
        bool chat = path == Chat;
        await using StreamHost host = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn));
        var random = new Random(chat ? 11 : 12);
        for (int round = 0; round < GateScale.Of(60, 600); round++)
        {
            JsonObject request = RandomRequests.Next(random, chat);
            request["stream"] = true;
            request["stream_options"] = new JsonObject { ["include_usage"] = random.Next(2) == 0, ["resumable"] = true };
            using HttpResponseMessage response = await host.Api.PostAsync(path, request.ToJsonString());
            ResumableTranscript first = await StreamHost.ReadAsync(response);
            Assert.True(first.Done && first.Orderly);
            Assert.Equal(Enumerable.Range(1, first.Events.Count), first.Events.Select(e => e.Id));

            int after = random.Next(first.Events.Count);
            Assert.Equal(first.Events.Skip(after), (await host.GetAsync(first.Id, after)).Events);
            // At the last id the terminal event comes again; without an id everything does.
            Assert.Equal(first.Events.TakeLast(1), (await host.GetAsync(first.Id, first.Events.Count)).Events);
            if (round % 20 == 0)
                for (int id = 0; id < first.Events.Count; id++) Assert.Equal(first.Events.Skip(id), (await host.GetAsync(first.Id, id)).Events);
            Assert.Equal(first.Events, (await host.GetAsync(first.Id)).Events);
        }
    }

    [Theory]
    [InlineData(Chat, 21)]
    [InlineData("/v1/completions", 22)]
    public async Task Get_AfterARestart_IsWhatAnUndisturbedServerWrites(string path, int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < GateScale.Of(20, 200); round++)
        {
            string folder = Directory.CreateTempSubdirectory("konko-streams-").FullName;
            JsonObject request = RandomRequests.Next(random, path == Chat);
            request["stream"] = true;
            request["openai_api_key"] = "sk-leaked";
            if (random.Next(2) == 0) request["stream_options"] = new JsonObject { ["include_usage"] = true };
            ResumableTranscript before;
            await using (StreamHost host = await StreamHost.StartAsync(StreamHost.Stuck(random.Next(1, 20)), folder))
            {
                using HttpResponseMessage response = await host.Api.PostAsync(path, request.ToJsonString(), ("X-Konko-Resumable", "true"), ("Authorization", "Bearer secret-key"));
                Assert.DoesNotContain(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"),
                    file => File.ReadAllText(file) is { } text && (text.Contains("secret-key", StringComparison.Ordinal) || text.Contains("sk-leaked", StringComparison.Ordinal)));
                host.Registry.Dispose();
                before = await StreamHost.ReadAsync(response);
            }

            await using StreamHost again = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder);
            string id = again.Registry.Ids.Single();
            ResumableTranscript whole = await again.GetAsync(id, key: "secret-key");
            Assert.True(whole.Done);
            List<(int, string)> seen = [.. before.Events];
            // Where the server was stopped in peace its readers are told so, by an event that has no number of its own.
            if (!before.Done) seen.RemoveAt(seen.Count - 1);
            Assert.Equal(seen, whole.Events.Take(seen.Count));
            Assert.Equal(whole.Events.Skip(seen.Count), (await again.GetAsync(id, seen.Count, "secret-key")).Events.TakeLast(whole.Events.Count - seen.Count));
            Assert.Equal(Comparable(await again.PostAsync(path, request.ToJsonString())), Comparable(whole));
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Get_FinishedStreamAfterARestart_IsTheSameToTheLastByte()
    {
        string folder = Directory.CreateTempSubdirectory("konko-streams-").FullName;
        string body = s_body.Replace("\"seed\":5", "\"n\":3,\"details\":true", StringComparison.Ordinal);
        ResumableTranscript before;
        await using (StreamHost host = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder)) before = await host.PostAsync(Chat, body);

        await using StreamHost again = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder);
        ResumableTranscript after = await again.GetAsync(before.Id);

        Assert.True(after.Done);
        Assert.Equal(before.Events, after.Events);
        Assert.Equal(before.Events.TakeLast(1), (await again.GetAsync(before.Id, before.Events.Count)).Events);
        await ErrorAsync(await again.SendAsync(HttpMethod.Get, before.Id, $"{before.Events.Count + 1}"), HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/v1/responses", "\"input\":\"hi\",\"max_output_tokens\":12")]
    [InlineData(Chat, "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":12,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]")]
    public async Task Get_OtherAnswersAfterARestart_GoOnToTheSameEnd(string path, string members)
    {
        string folder = Directory.CreateTempSubdirectory("konko-streams-").FullName;
        string body = $$"""{"model":"{{ApiHost.Model}}",{{members}},"stream":true,"seed":5,"ignore_eos":true}""";
        await using (StreamHost host = await StreamHost.StartAsync(StreamHost.Stuck(4), folder))
        {
            using HttpResponseMessage response = await host.Api.PostAsync(path, body, ("X-Konko-Resumable", "true"));
            host.Registry.Dispose();
            await StreamHost.ReadAsync(response);
        }

        await using StreamHost again = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder);
        string id = again.Registry.Ids.Single();
        ResumableTranscript whole = await again.GetAsync(id);

        Assert.True(whole.Done && whole.Orderly);
        Assert.InRange(whole.Events.Count, 13, 60);
        Assert.Equal(Enumerable.Range(1, whole.Events.Count), whole.Events.Select(e => e.Id));
        Assert.Equal(whole.Events.Skip(5), (await again.GetAsync(id, 5)).Events);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Get_OtherWeightsAfterARestart_EndsInAnErrorAndIsNotSpliced()
    {
        string folder = Directory.CreateTempSubdirectory("konko-streams-").FullName;
        ResumableTranscript before;
        await using (StreamHost host = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder)) before = await host.PostAsync(Chat, s_body);

        await using StreamHost again = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder, fingerprint: "fp_other");
        ResumableTranscript after = await again.GetAsync(before.Id, 3);

        Assert.Equal("not_resumable", after.ErrorCode);
        Assert.Equal([3], after.Events.Select(e => e.Id));
        Assert.False(after.Orderly);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    [InlineData("1000")]
    public async Task Get_LastEventIdThatIsNone_Is400(string after)
    {
        await using StreamHost host = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn));
        ResumableTranscript stream = await host.PostAsync(Chat, s_body);

        string error = await ErrorAsync(await host.SendAsync(HttpMethod.Get, stream.Id, after), HttpStatusCode.BadRequest);

        Assert.Contains("\"param\":\"Last-Event-ID\"", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mine", "other")]
    [InlineData("mine", null)]
    [InlineData(null, "other")]
    public async Task Get_AnotherKey_Is404(string? mine, string? other)
    {
        await using StreamHost host = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn));
        ResumableTranscript stream = mine is null ? await host.PostAsync(Chat, s_body) : await host.PostAsync(Chat, s_body, ("Authorization", "Bearer " + mine));

        await ErrorAsync(await host.SendAsync(HttpMethod.Get, stream.Id, key: other), HttpStatusCode.NotFound);
        await ErrorAsync(await host.SendAsync(HttpMethod.Delete, stream.Id, key: other), HttpStatusCode.NotFound);

        Assert.Equal(stream.Events, (await host.GetAsync(stream.Id, key: mine)).Events);
        await ErrorAsync(await host.SendAsync(HttpMethod.Get, Guid.NewGuid().ToString(), key: mine), HttpStatusCode.NotFound);
    }

    private static List<string> Comparable(ResumableTranscript transcript)
        => [.. transcript.Events.Select(entry => entry.Data == "[DONE]" ? entry.Data : AnswerFold.Comparable(entry.Data).ToJsonString())];

    private static async Task<string> ErrorAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("{\"error\":{\"message\":\"", text, StringComparison.Ordinal);
        return text;
    }
}
