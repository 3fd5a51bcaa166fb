using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Konko.Cli.Tests;

public sealed partial class ServeCommandTests
{
    private const string Chat = """{"model":"huggingfacetb/smollm2-135m-instruct","messages":[{"role":"user","content":"Say hello."}],"stream":true,"ignore_eos":true,"seed":1,"max_tokens":4000}""";

    [Fact]
    public async Task Serve_FirstStart_SaysWhatAndWhereAndAnswers()
    {
        await using KonkoProcess konko = KonkoProcess.Start("serve", "--port", "0", "--alias", "gpt-x=huggingfacetb/smollm2-135m-instruct");

        Assert.StartsWith("Konko ", await konko.LineAsync("Konko"), StringComparison.Ordinal);
        Assert.Equal("  serves  huggingfacetb/smollm2-135m-instruct, also gpt-x (SmolLM2-135M-Instruct.Q4_1.gguf, 94 MiB)", await konko.LineAsync("serves"));
        using HttpClient client = Client(await konko.LineAsync("  at "));
        Assert.Equal("  keys    none configured: any key or none is accepted, from this machine only", await konko.LineAsync("keys"));
        Assert.Matches(@"^Ready after \d+\.\d\d s\. Ctrl-C stops\.$", await konko.LineAsync("Ready"));
        using HttpResponseMessage response = await client.PostAsync(
            "/v1/chat/completions",
            Json("""{"model":"gpt-x","messages":[{"role":"user","content":"Say hello."}],"max_tokens":3,"temperature":0}"""),
            TestContext.Current.CancellationToken);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("gpt-x", answer.RootElement.GetProperty("model").GetString());
        Assert.NotEmpty(answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!);

        konko.Signal(KonkoProcess.Terminate);

        Assert.Equal(["Stopping."], await konko.RestAsync());
        Assert.Equal((0, ""), (await konko.ExitAsync(), konko.Error));
    }

    [Fact]
    public async Task Interrupt_AnswerOutlivesTheLimit_EndsItInAnErrorAndStopsWell()
    {
        await using KonkoProcess konko = KonkoProcess.Start("serve", "--port", "0", "--drain-timeout", "0.3");
        using HttpClient client = Client(await konko.LineAsync("  at "));
        using HttpResponseMessage response = await BeginAsync(client);
        await using Stream body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.True(await body.ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 1);

        konko.Signal(KonkoProcess.Interrupt);

        var rest = new MemoryStream();
        await Assert.ThrowsAnyAsync<HttpIOException>(() => body.CopyToAsync(rest, TestContext.Current.CancellationToken));
        string[] events = Encoding.UTF8.GetString(rest.ToArray()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("data: {\"error\":{\"message\":\"The server shut down before this answer was complete.\"", events[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("data: [DONE]", events);
        Assert.Equal("Stopping; waiting up to 0.3 s for 1 running answer. Ctrl-C again ends at once.", await konko.LineAsync("Stopping"));
        Assert.Equal((0, ""), (await konko.ExitAsync(), konko.Error));
    }

    [Fact]
    public async Task Interrupt_ASecondTime_EndsAtOnce()
    {
        await using KonkoProcess konko = KonkoProcess.Start("serve", "--port", "0");
        using HttpClient client = Client(await konko.LineAsync("  at "));
        using HttpResponseMessage response = await BeginAsync(client);
        await using Stream body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.True(await body.ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 1);

        konko.Signal(KonkoProcess.Interrupt);
        await konko.LineAsync("Stopping; waiting");
        konko.Signal(KonkoProcess.Interrupt);

        Assert.Equal(130, await konko.ExitAsync());
    }

    [Fact]
    public async Task Serve_DamagedModel_IsNamedWithTheReason()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "this is no model", TestContext.Current.CancellationToken);

        (int exitCode, _, string error) = await KonkoProcess.RunAsync("serve", "--port", "0", "--model", file + "=my/model");

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"konko: the model 'my/model' could not be loaded from {file}: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Serve_FileWithKeys_IsReadAndSaid()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{ "port": 0, "keys": ["ko-secret"] }""", TestContext.Current.CancellationToken);
        await using KonkoProcess konko = KonkoProcess.Start("serve", "--config", file);
        using HttpClient client = Client(await konko.LineAsync("  at "));

        Assert.Equal("  keys    1 key is configured, calls need it", await konko.LineAsync("keys"));
        using HttpResponseMessage response = await client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)response.StatusCode);

        konko.Signal(KonkoProcess.Terminate);
        Assert.Equal(0, await konko.ExitAsync());
        File.Delete(file);
    }

    private static Task<HttpResponseMessage> BeginAsync(HttpClient client)
        => client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json(Chat) }, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static HttpClient Client(string line) => new() { BaseAddress = new Uri(Address().Match(line).Value) };

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
