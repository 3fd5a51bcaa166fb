using System.Text;
using Konko.Tests.Support;

namespace Konko.Tests;

/// <summary>A stream against an upstream with faults: the right outcome in each; none hangs, repeats a started answer, or takes a cut answer for a whole one.</summary>
[Trait("Gate", "sdk-faults")]
public sealed class FaultTests
{
    private static readonly string Two = Wire.Says("Héllo") + Wire.Says(" 世界 🎉", "stop");

    private readonly FakeUpstream _upstream = new();

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Stream_EveryLineEnding_IsRead(string ending)
    {
        _upstream.Stream((Two + Wire.Done).Replace("\n", ending, StringComparison.Ordinal));
        Assert.Equal("Héllo 世界 🎉", await ReadAsync());
    }

    [Fact]
    public async Task Stream_SplitAtEveryByte_IsTheSameText()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(": ping\r\n\r\n" + Two + Wire.Done);
        for (int at = 1; at < bytes.Length; at += GateScale.Of(7, 1))
        {
            _upstream.Stream(bytes[..at], bytes[at..]);
            Assert.Equal("Héllo 世界 🎉", await ReadAsync());
        }
    }

    [Fact]
    public async Task Stream_ByteByByte_IsTheSameText()
    {
        _upstream.Stream([.. Encoding.UTF8.GetBytes(Two + Wire.Done).Select(b => (object)new[] { b })]);
        Assert.Equal("Héllo 世界 🎉", await ReadAsync());
    }

    /// <summary>Wherever a connection ends, cleanly or not: only after [DONE] and its blank line is the answer whole.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_CutAtEveryByte_Throws(bool clean)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Two + Wire.Done);
        for (int at = 0; at < bytes.Length - 1; at += GateScale.Of(7, 1))
        {
            _upstream.Stream(clean ? [bytes[..at]] : [bytes[..at], new IOException("Connection reset.")]);
            KonkoStreamException cut = await Assert.ThrowsAsync<KonkoStreamException>(() => ReadAsync());
            Assert.Equal(KonkoStreamFailure.Truncated, cut.Failure);
            Assert.Equal("req-1", cut.RequestId);
        }
    }

    [Fact]
    public async Task Stream_CutBeforeDone_IsNotAskedForAgain()
    {
        _upstream.Stream(Two, new IOException("Connection reset."));
        await Assert.ThrowsAsync<KonkoStreamException>(() => ReadAsync());
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task Stream_CutAfterDone_IsWhole()
    {
        _upstream.Stream(Two + Wire.Done, new IOException("Connection reset."));
        Assert.Equal("Héllo 世界 🎉", await ReadAsync());
    }

    [Fact]
    public async Task Stream_ErrorInMidStream_ThrowsItsWords()
    {
        _upstream.Stream(Wire.Says("Hé") + Wire.Event("""{"error":{"message":"The model fell over.","type":"server_error","param":null,"code":"engine_failed"}}"""));
        var texts = new List<string>();
        KonkoStreamException failed = await Assert.ThrowsAsync<KonkoStreamException>(() => ReadAsync(texts));
        Assert.Equal(["Hé"], texts);
        Assert.Equal((KonkoStreamFailure.ServerError, "The model fell over.", "engine_failed", "server_error"), (failed.Failure, failed.Message, failed.Code, failed.Type));
        Assert.Equal((200, "req-1"), (failed.Status, failed.RequestId));
    }

    [Theory]
    [InlineData("""{"error":"Out of memory."}""", "Out of memory.")]
    [InlineData("""{"id":"x","error":{"message":"Gone."},"choices":[]}""", "Gone.")]
    [InlineData("""{"error":{"code":502}}""", """{"code":502}""")]
    public async Task Stream_ErrorOfOtherServers_Throws(string data, string message)
    {
        _upstream.Stream(Two + Wire.Event(data) + Wire.Done);
        Assert.Equal(message, (await Assert.ThrowsAsync<KonkoStreamException>(() => ReadAsync())).Message);
    }

    [Fact]
    public async Task Stream_EventNamedError_Throws()
    {
        _upstream.Stream(Two + "event: error\n" + Wire.Event("""{"error":{"message":"No more."}}""") + Wire.Done);
        Assert.Equal("No more.", (await Assert.ThrowsAsync<KonkoStreamException>(() => ReadAsync())).Message);
    }

    [Theory]
    [InlineData("{\"id\":\"x\",\"choices\":[")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("<html>502</html>")]
    [InlineData("{\"id\":7}")]
    [InlineData("{\"choices\":{}}")]
    [InlineData("{\"choices\":[[]]}")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":[]}}]}")]
    [InlineData("{\"choices\":[{\"delta\":{\"tool_calls\":{}}}]}")]
    [InlineData("{} {}")]
    public async Task Stream_MalformedEvent_Throws(string data)
    {
        _upstream.Stream(Wire.Says("Hé") + Wire.Event(data) + Wire.Done);
        Assert.Equal(KonkoStreamFailure.Malformed, (await Assert.ThrowsAsync<KonkoStreamException>(() => ReadAsync())).Failure);
    }

    [Fact]
    public async Task Stream_CommentsUnknownEventsAndFields_AreNoChunks()
    {
        _upstream.Stream(": hello\n\n: ping\n" + Wire.Says("a") + "event: telemetry\ndata: not json\n\nretry: 3000\nid: 7\n\n: ping\n\n" + "event:\n" + Wire.Says("b") + Wire.Done);
        Assert.Equal("ab", await ReadAsync());
    }

    [Fact]
    public async Task Stream_DataWithoutTheSpaceAndOverSeveralLines_IsRead()
    {
        _upstream.Stream("data:" + Wire.Chunk("a") + "\n\ndata: {\"choices\":\ndata: [{\"delta\":{\"content\":\"b\"}}]}\n\ndata:[DONE]\n\n");
        Assert.Equal("ab", await ReadAsync());
    }

    [Fact]
    public async Task Stream_EventWithoutEnd_IsRefusedAtItsLimit()
    {
        var megabyte = new byte[1 << 20];
        megabyte.AsSpan().Fill((byte)'x');
        _upstream.Stream([.. Enumerable.Repeat<object>("data: ", 1).Concat(Enumerable.Repeat<object>(megabyte, 40))]);
        KonkoStreamException refused = await Assert.ThrowsAsync<KonkoStreamException>(() => ReadAsync());
        Assert.Equal(KonkoStreamFailure.Malformed, refused.Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData(": ping\n\n")]
    public async Task FirstEvent_DoesNotCome_TimesOut(string before)
    {
        ScriptedBody body = before.Length == 0 ? _upstream.Stream(ScriptedBody.Hang) : _upstream.Stream(before, ScriptedBody.Hang);
        Task<string> reading = ReadAsync(client: _upstream.Client(options => options.FirstTokenTimeout = TimeSpan.FromSeconds(30)));
        await body.Hangs;
        _upstream.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(reading.IsCompleted);
        await _upstream.RunAsync(reading);
        KonkoTimeoutException late = await Assert.ThrowsAsync<KonkoTimeoutException>(() => reading);
        Assert.Equal(KonkoTimeout.FirstToken, late.WaitedFor);
        Assert.Single(_upstream.Requests);
        Assert.True(body.IsDisposed);
    }

    [Fact]
    public async Task Headers_DoNotCome_TimeOut()
    {
        _upstream.Answer(async cancelled =>
        {
            await Task.Delay(Timeout.Infinite, cancelled);
            throw new InvalidOperationException();
        });
        Task<string> reading = ReadAsync(client: _upstream.Client(options => options.FirstTokenTimeout = TimeSpan.FromSeconds(3)));
        await _upstream.RunAsync(reading);
        Assert.Equal(KonkoTimeout.FirstToken, (await Assert.ThrowsAsync<KonkoTimeoutException>(() => reading)).WaitedFor);
    }

    [Fact]
    public async Task Silence_InMidStream_TimesOut()
    {
        ScriptedBody body = _upstream.Stream(Wire.Says("a"), ScriptedBody.Hang);
        Task<string> reading = ReadAsync(client: _upstream.Client(options => options.SilenceTimeout = TimeSpan.FromSeconds(20)));
        await body.Hangs;
        _upstream.Time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(reading.IsCompleted);
        await _upstream.RunAsync(reading);
        Assert.Equal(KonkoTimeout.Silence, (await Assert.ThrowsAsync<KonkoTimeoutException>(() => reading)).WaitedFor);
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task Silence_WhileTheReaderWorks_IsNone()
    {
        _upstream.Stream(Wire.Says("a"), Wire.Says("b"), Wire.Done);
        using KonkoClient client = _upstream.Client();
        string text = "";
        await foreach (ChatCompletionChunk chunk in client.ChatCompletion.CreateStreaming("org/tiny", [("user", "Hi")]))
        {
            text += chunk.Text;
            for (int minute = 0; minute < 5; minute++) _upstream.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal("ab", text);
    }

    [Fact]
    public async Task Cancellation_InMidStream_EndsTheConnection()
    {
        ScriptedBody body = _upstream.Stream(Wire.Says("a"), ScriptedBody.Hang);
        using var stop = new CancellationTokenSource();
        Task<string> reading = ReadAsync(cancellationToken: stop.Token);
        await body.Hangs;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.True(body.IsDisposed);
    }

    [Fact]
    public async Task Break_InMidStream_EndsTheConnection()
    {
        ScriptedBody body = _upstream.Stream(Wire.Says("a"), Wire.Says("b"), ScriptedBody.Hang);
        await foreach (ChatCompletionChunk _ in _upstream.Client().ChatCompletion.CreateStreaming("org/tiny", [("user", "Hi")])) break;
        Assert.True(body.IsDisposed);
    }

    [Fact]
    public async Task Stream_ReadTwice_Throws()
    {
        _upstream.Stream(Two + Wire.Done);
        KonkoStream<ChatCompletionChunk> stream = _upstream.Client().ChatCompletion.CreateStreaming("org/tiny", [("user", "Hi")]);
        await foreach (ChatCompletionChunk _ in stream);
        Assert.Throws<InvalidOperationException>(() => stream.GetAsyncEnumerator(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Completions_CutStream_Throws()
    {
        _upstream.Stream(Wire.Event("""{"id":"x","choices":[{"index":0,"text":"Once"}]}"""));
        await Assert.ThrowsAsync<KonkoStreamException>(async () =>
        {
            await foreach (CompletionChunk _ in _upstream.Client().Completions.CreateStreaming("org/tiny", "Hi"));
        });
    }

    private async Task<string> ReadAsync(List<string>? texts = null, KonkoClient? client = null, CancellationToken cancellationToken = default)
    {
        texts ??= [];
        await foreach (ChatCompletionChunk chunk in (client ?? _upstream.Client()).ChatCompletion.CreateStreaming("org/tiny", [("user", "Hi")], cancellationToken: cancellationToken))
            texts.Add(chunk.Text);
        return string.Concat(texts);
    }
}
