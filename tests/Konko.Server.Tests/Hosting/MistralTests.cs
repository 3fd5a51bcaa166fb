using System.Globalization;
using System.Text;
using System.Text.Json;
using Konko.Server.Configuration;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Hosting;

/// <summary>
/// Mistral-7B-Instruct-v0.1 as a user brings it: a file without a template, the one of the guide, default settings.
/// Every day a tiny model of the same kind; the whole gate has its real shape, in real memory.
/// </summary>
public sealed class MistralTests : IDisposable
{
    private const string Id = "mistralai/mistral-7b-instruct-v0.1";
    private const string Messages = """[{"role":"system","content":"You are an FAQ bot for an online store."},{"role":"user","content":"What's your return policy?"}]""";
    private const long MostResidentBytes = 8L << 30;

    private static readonly bool s_whole = GateScale.Of(1, 1000) == 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("konko-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Gate", "mistral")]
    public async Task Serve_MistralWithDefaultSettings_StreamsWithinEightGibibytes()
    {
        string file = Path.Combine(_folder, "mistral.gguf"), template = Path.Combine(_folder, "mistral.jinja");
        await File.WriteAllTextAsync(template, Template(), TestContext.Current.CancellationToken);
        SyntheticModel shape = s_whole
            ? new SyntheticModel { Layers = 32, Width = 4096, FeedForward = 14336, Heads = 32, KvHeads = 8, Context = 32768, Window = 4096 }
            : new SyntheticModel { Context = 1024, Window = 48 };
        shape.Write(file);
        var options = new KonkoOptions { Port = 0, Models = [new ModelOptions { Path = file, Id = "mistralai/Mistral-7B-Instruct-v0.1" }], ChatTemplate = template };
        await using RunningServer server = await RunningServer.StartOwnAsync(options);
        foreach (string line in Konko.Server.Hosting.StartBanner.Lines(server.Server)) TestContext.Current.TestOutputHelper!.WriteLine(line);

        JsonElement row = await RunningServer.JsonAsync(await server.GetAsync($"/v1/models/{Id}"));
        Assert.True(row.GetProperty("is_chat").GetBoolean());
        Assert.Equal(("loaded", "Q4_0", "Apache-2.0"), (row.GetProperty("state").GetString(), row.GetProperty("quantization").GetString(), row.GetProperty("license_name").GetString()));
        Assert.Equal((int)shape.Context, row.GetProperty("max_context_length").GetInt32());

        JsonElement prompt = await server.PostAsync("/v1/tokenize", $$"""{"model":"{{Id}}","messages":{{Messages}}}""");
        int[] ids = [.. prompt.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32())];
        Assert.Equal(1, ids[0]);
        Assert.DoesNotContain(1, ids[1..]);
        JsonElement text = await server.PostAsync("/v1/detokenize", $$"""{"model":"{{Id}}","tokens":[{{string.Join(',', ids)}}]}""");
        Assert.Equal("<s>[INST] You are an FAQ bot for an online store.\n\nWhat's your return policy? [/INST]", Spaced(text.GetProperty("prompt").GetString()!));

        // Longer than the window where that is short, so that the answer looks back over its edge.
        await StreamEqualsWholeAsync(server, Messages, maxTokens: s_whole ? 32 : 100);
        await StreamEqualsWholeAsync(server, $$"""[{"role":"user","content":"{{string.Concat(Enumerable.Repeat("one two three ", s_whole ? 60 : 40))}}"}]""", maxTokens: 8);
        Report();
    }

    private static async Task StreamEqualsWholeAsync(RunningServer server, string messages, int maxTokens)
    {
        string Body(string more) => $$"""{"model":"Mistralai/Mistral-7B-Instruct-v0.1","messages":{{messages}},"temperature":0.1,"max_tokens":{{maxTokens}},"n":1,"seed":7,"ignore_eos":true{{more}}}""";
        JsonElement whole = await server.PostAsync("/v1/chat/completions", Body(""));
        using var content = new StringContent(Body(""","stream":true"""), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await server.Client.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken);
        string[] events = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        JsonElement[] chunks = [.. events[..^1].Select(line => JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]))];
        Assert.Equal(maxTokens, chunks.Length);
        Assert.All(chunks, chunk => Assert.Equal(Id, chunk.GetProperty("model").GetString()));
        string streamed = string.Concat(chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString()));
        Assert.Equal(whole.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), streamed);
        Assert.Equal(maxTokens, whole.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    private static void Report()
    {
        if (!File.Exists("/proc/self/status")) return;
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        long bytes = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"most resident memory: {bytes / (double)(1 << 30):0.00} GiB"));
        // Every day other tests run in the same process.
        if (s_whole) Assert.InRange(bytes, 0, MostResidentBytes);
    }

    private static string Template()
    {
        string page = File.ReadAllText(Repository.File("docs", "guide", "models.md")).ReplaceLineEndings("\n");
        const string fence = "```jinja\n";
        int start = page.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    // SentencePiece puts a space before the first word.
    private static string Spaced(string text) => text.Replace("<s> [", "<s>[", StringComparison.Ordinal);
}
