using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Konko.Cli.Tests;

/// <summary>The real program, killed in the midst of its streams: the next one goes on with each of them, and bills it once.</summary>
[Trait("Gate", "resume")]
public sealed partial class KilledServerTests
{
    private const int Kill = 9;

    private static readonly (string Path, string Body)[] s_requests =
    [
        ("/v1/chat/completions", """{"messages":[{"role":"user","content":"Tell me about the sea."}],"max_tokens":40,"ignore_eos":true,"stream_options":{"include_usage":true}}"""),
        ("/v1/chat/completions", """{"messages":[{"role":"user","content":"Count to ten."}],"max_tokens":25,"n":3,"details":true,"temperature":1.2}"""),
        ("/v1/completions", """{"prompt":["Once upon a time","The capital of"],"max_tokens":30,"echo":true,"logprobs":2,"details":true}"""),
        ("/v1/completions", """{"prompt":"1, 1, 2, 3, 5,","max_tokens":60,"temperature":0,"stop":["ZZZ"]}"""),
        ("/v1/chat/completions", """{"messages":[{"role":"user","content":"Weather in Paris?"}],"max_tokens":60,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"city":{"type":"string","minLength":30}},"required":["city"]}}}],"tool_choice":"required"}"""),
        ("/v1/responses", """{"input":"Tell me about the moon.","max_output_tokens":40,"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object","properties":{"text":{"type":"string","minLength":60}},"required":["text"]}}}}"""),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_InMidStream_TheNextServerGoesOnWithTheSameBytes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send to another process.");
        string folder = Directory.CreateTempSubdirectory("konko-killed-").FullName;
        var random = new Random(4);
        int rounds = GateScale.Of(3, 50);
        var billed = new Dictionary<string, int>();
        int cut = 0;
        for (int round = 0; round < rounds; round++)
        {
            List<OpenStream> streams = [];
            await using (KonkoProcess konko = Start(folder))
            {
                using HttpClient client = await ReadyAsync(konko);
                foreach ((string path, string body) in s_requests) streams.Add(await OpenAsync(client, path, body));
                foreach (OpenStream stream in streams) Assert.True(await stream.NextAsync());
                for (int i = random.Next(120); i > 0; i--) await streams[random.Next(streams.Count)].NextAsync();
                konko.Signal(Kill);
                await konko.ExitAsync();
                foreach (OpenStream stream in streams) await stream.DrainAsync();
            }

            await using (KonkoProcess konko = Start(folder))
            {
                using HttpClient client = await ReadyAsync(konko);
                foreach (OpenStream stream in streams)
                {
                    if (!stream.Done) cut++;
                    List<string> rest = await GetAsync(client, stream.Id, stream.Events.Count);
                    List<string> whole = await GetAsync(client, stream.Id, 0);
                    // At the last id the terminal event comes again.
                    Assert.Equal(whole.Skip(Math.Min(stream.Events.Count, whole.Count - 1)), rest);
                    Assert.Equal(stream.Events, whole.Take(stream.Events.Count));
                    Assert.Equal(Comparable(await UndisturbedAsync(client, stream)), Comparable(whole));
                    billed.Add(stream.Id, Completion(whole));
                }

                konko.Signal(KonkoProcess.Terminate);
                Assert.Equal((0, ""), (await konko.ExitAsync(), konko.Error));
            }
        }

        Assert.True(cut > 0, "Every stream was complete before its server was killed.");
        await AssertBilledOnceAsync(Path.Combine(folder, "usage.db"), billed);
        TestContext.Current.SendDiagnosticMessage("{0} kills, {1} streams, {2} of them cut", rounds, billed.Count, cut);
        Directory.Delete(folder, recursive: true);
    }

    private static KonkoProcess Start(string folder) => KonkoProcess.Start("serve", "--port", "0", "--data", folder);

    private static async Task<HttpClient> ReadyAsync(KonkoProcess konko)
    {
        var client = new HttpClient { BaseAddress = new Uri(Url().Match(await konko.LineAsync("  at ")).Value) };
        await konko.LineAsync("Ready");
        return client;
    }

    private static async Task<OpenStream> OpenAsync(HttpClient client, string path, string body, string? seed = null)
    {
        JsonObject request = JsonNode.Parse(body)!.AsObject();
        request["model"] = "huggingfacetb/smollm2-135m-instruct";
        request["stream"] = true;
        if (seed is not null) request["seed"] = long.Parse(seed, CultureInfo.InvariantCulture);
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json") };
        message.Headers.Add("X-Konko-Resumable", "true");
        message.Headers.Add("Authorization", "Bearer mine");
        HttpResponseMessage response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Token);
        response.EnsureSuccessStatusCode();
        return new OpenStream(response, path, body, response.Headers.GetValues("x-konko-seed").Single(), 0, await response.Content.ReadAsStreamAsync(Token));
    }

    private static async Task<List<string>> UndisturbedAsync(HttpClient client, OpenStream stream)
    {
        OpenStream again = await OpenAsync(client, stream.Path, stream.Body, stream.Seed);
        await again.DrainAsync();
        Assert.True(again.Done);
        return again.Events;
    }

    private static async Task<List<string>> GetAsync(HttpClient client, string id, int after)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "/v1/streams/" + id);
        message.Headers.Add("Authorization", "Bearer mine");
        if (after > 0) message.Headers.Add("Last-Event-ID", after.ToString(CultureInfo.InvariantCulture));
        HttpResponseMessage response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.True(response.IsSuccessStatusCode, await (response.IsSuccessStatusCode ? Task.FromResult("") : response.Content.ReadAsStringAsync(Token)));
        var stream = new OpenStream(response, "", "", "", after, await response.Content.ReadAsStreamAsync(Token));
        await stream.DrainAsync();
        Assert.True(stream.Done);
        return stream.Events;
    }

    private static List<string> Comparable(List<string> events) => [.. events.Select(data =>
    {
        if (data == "[DONE]") return data;
        JsonObject chunk = JsonNode.Parse(data.Replace(IdOf(events[0]), "{id}", StringComparison.Ordinal))!.AsObject();
        JsonObject answer = chunk["response"] as JsonObject ?? chunk;
        foreach (string own in (string[])["created", "created_at", "stats"]) answer.Remove(own);
        if (answer["usage"] is JsonObject usage) foreach (string cached in (string[])["prompt_tokens_details", "input_tokens_details"]) usage.Remove(cached);
        return chunk.ToJsonString();
    })];

    // The first event of a response holds the whole of it, as far as it has come.
    private static string IdOf(string first)
    {
        JsonNode chunk = JsonNode.Parse(first)!;
        return (string)(chunk["response"] ?? chunk)["id"]!;
    }

    private static int Completion(List<string> events)
    {
        JsonNode chunk = JsonNode.Parse(events[^2])!;
        JsonNode usage = (chunk["response"] ?? chunk)["usage"]!;
        return (int)(usage["completion_tokens"] ?? usage["output_tokens"])!;
    }

    private static async Task AssertBilledOnceAsync(string file, Dictionary<string, int> billed)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(Token);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id, outcome, completion_tokens FROM usage";
        var rows = new Dictionary<string, (string? Outcome, int Tokens)>();
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token)) rows.Add(reader.GetString(0), (reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt32(2)));
        foreach ((string id, int tokens) in billed) Assert.Equal(("finished", tokens), rows[id]);
        // The undisturbed ones are there too, and nothing else, and nothing is left open.
        Assert.Equal(billed.Count * 2, rows.Count);
        Assert.All(rows.Values, row => Assert.Equal("finished", row.Outcome));
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Url();

    /// <summary>A stream as one client sees it, event by event.</summary>
    private sealed class OpenStream(HttpResponseMessage response, string path, string body, string seed, int after, Stream bytes) : IDisposable
    {
        private readonly StreamReader _lines = new(bytes);

        public string Path => path;

        public string Body => body;

        public string Seed => seed;

        public List<string> Events { get; } = [];

        public bool Done => Events.Count > 0 && Events[^1] == "[DONE]";

        public string Id => IdOf(Events[0]);

        /// <summary>Reads an event; false at the end, or where the connection broke.</summary>
        public async Task<bool> NextAsync()
        {
            try
            {
                string? id = await _lines.ReadLineAsync(Token);
                while (id == ": ping") id = await _lines.ReadLineAsync(Token);
                if (id is null || await _lines.ReadLineAsync(Token) is not { } data) return false;
                // Only the events of a response have names.
                if (data.StartsWith("event: ", StringComparison.Ordinal)) data = await _lines.ReadLineAsync(Token);
                if (data is null || await _lines.ReadLineAsync(Token) != "") return false;
                int number = int.Parse(id["id: ".Length..], CultureInfo.InvariantCulture);
                Assert.True(number == after + Events.Count + 1 || Events.Count == 0 && data == "data: [DONE]", $"{id} after {after + Events.Count}");
                Events.Add(data["data: ".Length..]);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }

        public async Task DrainAsync()
        {
            while (await NextAsync())
            {
            }

            Dispose();
        }

        public void Dispose()
        {
            _lines.Dispose();
            response.Dispose();
        }
    }
}
