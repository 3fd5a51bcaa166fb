using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Server.Api;
using Konko.Server.Api.Errors;
using Konko.Server.Generation;
using Konko.Server.Providers;
using Konko.Server.Streams;
using Konko.Server.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Server.Tests.Api.Answers;

public sealed class StreamedAnswerTests
{
    private const string Chat = "/v1/chat/completions";

    private static readonly string s_stream = $$"""{"model":"{{ApiHost.Model}}","messages":[{"role":"user","content":"hi"}],"stream":true,"seed":5}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_Admitted_SendsHeadersBeforeTheFirstToken()
    {
        Channel<GenerationOutput> outputs = Channel.CreateUnbounded<GenerationOutput>();
        await using ApiHost host = await ApiHost.StartAsync(new ScriptedProvider((_, cancel) => outputs.Reader.ReadAllAsync(cancel)));
        using HttpResponseMessage response = await host.PostAsync(Chat, s_stream);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal("5", response.Headers.GetValues("x-konko-seed").Single());
        Assert.Equal(ApiHost.Model, response.Headers.GetValues("x-konko-model").Single());
    }

    [Fact]
    public async Task Post_TokenIsKnown_ArrivesBeforeTheNextOne()
    {
        Channel<GenerationOutput> outputs = Channel.CreateUnbounded<GenerationOutput>();
        await using ApiHost host = await ApiHost.StartAsync(new ScriptedProvider((_, cancel) => outputs.Reader.ReadAllAsync(cancel)));
        using HttpResponseMessage response = await host.PostAsync(Chat, s_stream);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        foreach (string word in (string[])["a", "ab", "aa"])
        {
            outputs.Writer.TryWrite(Drawn(ByteTokenizer.Word(word)));
            Assert.Contains($"\"content\":\"{word}\"", await lines.ReadLineAsync(Token), StringComparison.Ordinal);
            Assert.Equal("", await lines.ReadLineAsync(Token));
        }

        outputs.Writer.TryWrite(Drawn(ByteTokenizer.Eos, EndReason.EndOfGeneration));
        Assert.EndsWith("data: [DONE]\n\n", await lines.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_Silence_IsBrokenByPings()
    {
        var time = new FakeTimeProvider();
        Channel<GenerationOutput> outputs = Channel.CreateUnbounded<GenerationOutput>();
        await using ApiHost host = await ApiHost.StartAsync(new ScriptedProvider((_, cancel) => outputs.Reader.ReadAllAsync(cancel)), time: time);
        using HttpResponseMessage response = await host.PostAsync(Chat, s_stream);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Token));

        outputs.Writer.TryWrite(Drawn(ByteTokenizer.Word("a")));
        await lines.ReadLineAsync(Token);
        await lines.ReadLineAsync(Token);
        for (int i = 0; i < 3; i++)
        {
            Task<string?> line = lines.ReadLineAsync(Token).AsTask();
            while (!line.IsCompleted)
            {
                // The server may not have gone to wait yet when the first of these passes.
                time.Advance(TimeSpan.FromSeconds(15));
                await Task.Yield();
            }

            Assert.Equal(": ping", await line);
            Assert.Equal("", await lines.ReadLineAsync(Token));
        }

        outputs.Writer.TryWrite(Drawn(ByteTokenizer.Eos, EndReason.EndOfGeneration));
        Assert.EndsWith("data: [DONE]\n\n", await lines.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_GenerationFails_TellsAndBreaksOff()
    {
        await using ApiHost host = await ApiHost.StartAsync(new BrokenProvider(Failure.Told, tokens: 3));
        // Often, because what was flushed must never be overtaken by the end.
        for (int round = 0; round < 200; round++)
        {
            (string text, bool orderly) = await ReadBrokenAsync(host, HttpProtocols.Http1);
            Assert.False(orderly);
            Assert.EndsWith("\n\ndata: {\"error\":{\"message\":\"It broke.\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
            Assert.Equal(4, text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }

    [Fact]
    public async Task Post_GenerationFailsOverHttp2_ResetsTheStream()
    {
        await using ApiHost host = await ApiHost.StartAsync(new BrokenProvider(Failure.Told, tokens: 3), protocols: HttpProtocols.Http2);
        (string text, bool orderly) = await ReadBrokenAsync(host, HttpProtocols.Http2);
        // This client drops what it has not handed out yet when a reset comes, so the event itself may be lost on it.
        Assert.False(orderly);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Failure.Thrown)]
    [InlineData(Failure.Unfinished)]
    internal async Task Post_ProviderBreaksItsWord_EndsInAnErrorOfOurs(Failure failure)
    {
        await using ApiHost host = await ApiHost.StartAsync(new BrokenProvider(failure, tokens: 2));
        (string text, bool orderly) = await ReadBrokenAsync(host, HttpProtocols.Http1);
        Assert.False(orderly);
        Assert.Contains("\"type\":\"server_error\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Failure.Told, "It broke.")]
    [InlineData(Failure.Thrown, "The server failed while it worked on this request.")]
    [InlineData(Failure.Unfinished, "The server failed while it worked on this request.")]
    internal async Task Post_WholeAnswerFails_IsAnErrorWithItsStatus(Failure failure, string message)
    {
        await using ApiHost host = await ApiHost.StartAsync(new BrokenProvider(failure, tokens: 2));
        using HttpResponseMessage response = await host.PostAsync(Chat, s_stream.Replace("true", "false", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal($$$"""{"error":{"message":"{{{message}}}","type":"server_error","param":null,"code":null}}""", await response.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ClientGoesAway_StopsTheWork(bool stream)
    {
        var began = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        var provider = new ScriptedProvider((_, cancel) => UntilCancelledAsync(began, stopped, cancel));
        await using ApiHost host = await ApiHost.StartAsync(provider);
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat)
        {
            Content = new StringContent(stream ? s_stream : s_stream.Replace("true", "false", StringComparison.Ordinal), Encoding.UTF8, "application/json"),
        };
        Task<HttpResponseMessage> call = host.Client.SendAsync(request, leave.Token);
        await began.Task.WaitAsync(Token);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await stopped.Task.WaitAsync(Token);
        while (provider.Running > 0) await Task.Yield();
    }

    [Fact]
    public async Task Post_ReaderThatDoesNotRead_HoldsUpNobodyElse()
    {
        int[] many = [.. Enumerable.Repeat(ByteTokenizer.Long, 2_000), ByteTokenizer.Eos];
        int produced = 0;
        var provider = new ScriptedProvider(_ => Script.Tokens(EndReason.EndOfGeneration, many).Select(output =>
        {
            Interlocked.Increment(ref produced);
            return output;
        }));
        await using ApiHost host = await ApiHost.StartAsync(provider);
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectWithSmallBufferAsync };
        using var client = new HttpClient(handler) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = new StringContent(s_stream, Encoding.UTF8, "application/json") };
        using HttpResponseMessage slow = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        using HttpResponseMessage quick = await host.PostAsync(Chat, s_stream);
        var transcript = SseTranscript.Parse(await quick.Content.ReadAsByteArrayAsync(Token));
        Assert.True(transcript.Done);
        Assert.Equal(many.Length, transcript.Events.Count);
        // What the slow one does not read is not rendered either, and it is whole when it is read at last.
        Assert.True(produced < 2 * many.Length);
        Assert.Equal(many.Length, SseTranscript.Parse(await slow.Content.ReadAsByteArrayAsync(Token)).Events.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_ReaderThatTakesNothingForTooLong_IsDropped(bool resumable)
    {
        int[] many = [.. Enumerable.Repeat(ByteTokenizer.Long, 2_000), ByteTokenizer.Eos];
        var time = new FakeTimeProvider();
        var provider = new ScriptedProvider(_ => Script.Tokens(EndReason.EndOfGeneration, many));
        await using ApiHost host = await ApiHost.StartAsync(provider, new ApiSettings { KeepAlive = TimeSpan.FromDays(1) }, time);
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectWithSmallBufferAsync };
        using var client = new HttpClient(handler) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = new StringContent(s_stream, Encoding.UTF8, "application/json") };
        if (resumable) request.Headers.Add("X-Konko-Resumable", "true");
        using HttpResponseMessage slow = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        StreamRegistry registry = host.Services.GetRequiredService<StreamRegistry>();

        // What it has not read when its time is over it never gets; the stream of one who may come back is kept.
        while (resumable ? registry.Ids is not [string id] || !registry.IsIdle(id) : provider.Running > 0)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await Assert.ThrowsAnyAsync<Exception>(() => slow.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task Post_Refused_IsAnErrorAndNoStream()
    {
        var provider = new ScriptedProvider(Script.Drawn) { Refusal = _ => ApiError.Overloaded(TimeSpan.FromMilliseconds(1200)) };
        await using ApiHost host = await ApiHost.StartAsync(provider);
        using HttpResponseMessage response = await host.PostAsync(Chat, s_stream);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("2", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Contains("\"code\":\"overloaded\"", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OnePromptOfSeveralRefused_DropsTheOthers()
    {
        int admitted = 0;
        var provider = new ScriptedProvider(Script.Drawn) { Refusal = _ => ++admitted == 3 ? ApiError.Overloaded(TimeSpan.Zero) : null };
        await using ApiHost host = await ApiHost.StartAsync(provider);
        using HttpResponseMessage response = await host.PostAsync("/v1/completions", $$"""{"model":"{{ApiHost.Model}}","prompt":["a","b","c","d"]}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal((3, 0), (admitted, provider.Running));
    }

    [Fact]
    public async Task Post_WithoutSeed_DrawsOneThatGivesTheSameAnswerAgain()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ScriptedProvider(Script.Drawn));
        string body = $$"""{"model":"{{ApiHost.Model}}","prompt":"x","details":true}""";
        using HttpResponseMessage first = await host.PostAsync("/v1/completions", body);
        long seed = long.Parse(first.Headers.GetValues("x-konko-seed").Single(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(seed, 0, (1L << 53) - 1);
        using HttpResponseMessage second = await host.PostAsync("/v1/completions", body.Replace("\"prompt\"", $"\"seed\":{seed},\"prompt\"", StringComparison.Ordinal));
        Assert.Equal(
            AnswerFold.Comparable(await first.Content.ReadAsStringAsync(Token)).ToJsonString(),
            AnswerFold.Comparable(await second.Content.ReadAsStringAsync(Token)).ToJsonString());
    }

    private static async ValueTask<Stream> ConnectWithSmallBufferAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static TokenGenerated Drawn(int id, EndReason? end = null) => new(0, new SampledToken(id, -1, null), end);

    private static async IAsyncEnumerable<GenerationOutput> UntilCancelledAsync(
        TaskCompletionSource began, TaskCompletionSource stopped, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Drawn(ByteTokenizer.Word("a"));
        began.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            stopped.SetResult();
        }
    }

    private static async Task<(string Text, bool Orderly)> ReadBrokenAsync(ApiHost host, HttpProtocols protocol)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat)
        {
            Content = new StringContent(s_stream, Encoding.UTF8, "application/json"),
            Version = protocol == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using Stream body = await response.Content.ReadAsStreamAsync(Token);
        using var read = new MemoryStream();
        byte[] buffer = new byte[1024];
        try
        {
            for (int count; (count = await body.ReadAsync(buffer, Token)) > 0;) read.Write(buffer, 0, count);
        }
        catch (Exception e) when (e is HttpIOException or IOException)
        {
            return (Encoding.UTF8.GetString(read.ToArray()), false);
        }

        return (Encoding.UTF8.GetString(read.ToArray()), true);
    }

    internal enum Failure
    {
        Told,
        Thrown,
        Unfinished,
    }

    private sealed class BrokenProvider(Failure failure, int tokens) : IProvider
    {
        public ValueTask<Admission> AdmitAsync(ProviderRequest request, CancellationToken cancellationToken)
            => ValueTask.FromResult<Admission>(new Generation(failure, tokens) { Seed = 1, PromptTokens = 1 });

        private sealed class Generation(Failure failure, int tokens) : AdmittedGeneration
        {
            public override async IAsyncEnumerable<GenerationEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
            {
                for (int i = 0; i < tokens; i++)
                {
                    await Task.Yield();
                    yield return new ChoiceAdvanced(0, new GeneratedToken(i, "x", 0, false), "x");
                }

                if (failure == Failure.Thrown) throw new InvalidOperationException("secret");
                if (failure == Failure.Told) yield return new GenerationFailed(new ApiError(500, "It broke.", ErrorTypes.Server));
            }

            public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
