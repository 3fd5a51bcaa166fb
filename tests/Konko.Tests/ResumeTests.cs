using Konko.Tests.Support;

namespace Konko.Tests;

[Trait("Gate", "sdk-faults")]
public sealed class ResumeTests
{
    private readonly FakeUpstream _upstream = new();

    [Fact]
    public async Task Resumable_ConnectionBreaks_GoesOnAfterTheLastEvent()
    {
        _upstream.Stream(Wire.Says(1, "a") + Wire.Says(2, "b") + "id: 3\ndata: {\"id\"", new IOException("Connection reset."));
        _upstream.Stream(Wire.Says(3, "c") + "id: 4\n" + Wire.Done);
        Assert.Equal("abc", await ReadAsync());
        Assert.True(_upstream.Requests[0].Json.GetProperty("stream_options").GetProperty("resumable").GetBoolean());
        Sent again = _upstream.Requests[1];
        Assert.Equal(("GET", "/v1/streams/" + Wire.Id, "2"), (again.Method, again.Path, again.Header("last-event-id")));
    }

    [Fact]
    public async Task Resumable_CleanEndWithoutDone_GoesOn()
    {
        _upstream.Stream(Wire.Says(1, "a"));
        _upstream.Stream("id: 2\n" + Wire.Done);
        Assert.Equal("a", await ReadAsync());
    }

    [Fact]
    public async Task Resumable_ServerRestarts_WaitsForIt()
    {
        _upstream.Stream(Wire.Says(1, "a") + "id: 1\n" + Wire.Event("""{"error":{"message":"The server stops.","type":"server_error","code":"interrupted"}}"""));
        _upstream.Fail().Answer(503, "starting", ("retry-after", "2")).Stream(Wire.Says(2, "b") + "id: 3\n" + Wire.Done);
        Assert.Equal("ab", await ReadAsync());
        Assert.Equal(["1", "1", "1"], _upstream.Requests.Skip(1).Select(request => request.Header("last-event-id")));
        Assert.True(_upstream.Requests[3].At - _upstream.Requests[2].At >= TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Resumable_FallsSilent_Reconnects()
    {
        _upstream.Stream(Wire.Says(1, "a"), ScriptedBody.Hang);
        _upstream.Stream(Wire.Says(2, "b") + "id: 3\n" + Wire.Done);
        Assert.Equal("ab", await ReadAsync());
    }

    [Fact]
    public async Task Resumable_StreamIsGone_Throws()
    {
        _upstream.Stream(Wire.Says(1, "a"));
        _upstream.Answer(404, """{"error":{"message":"No such stream.","type":"invalid_request_error","code":"stream_not_found"}}""");
        KonkoStreamException gone = await Assert.ThrowsAsync<KonkoStreamException>(ReadAsync);
        Assert.Equal((KonkoStreamFailure.Truncated, "stream_not_found"), (gone.Failure, gone.Code));
    }

    [Fact]
    public async Task Resumable_NeverComesBack_ThrowsAfterItsReconnects()
    {
        _upstream.Stream(Wire.Says(1, "a"));
        for (int i = 0; i < 3; i++) _upstream.Fail();
        KonkoStreamException gone = await Assert.ThrowsAsync<KonkoStreamException>(ReadAsync);
        Assert.Equal(KonkoStreamFailure.Truncated, gone.Failure);
        Assert.IsType<KonkoConnectionException>(gone.InnerException);
        Assert.Equal(4, _upstream.Requests.Count);
    }

    [Fact]
    public async Task Resumable_BreaksAgainAndAgainWithoutGettingOn_Throws()
    {
        _upstream.Stream(Wire.Says(1, "a"));
        for (int i = 0; i < 3; i++) _upstream.Stream(": ping\n");
        await Assert.ThrowsAsync<KonkoStreamException>(ReadAsync);
        Assert.Equal(4, _upstream.Requests.Count);
    }

    [Fact]
    public async Task Resumable_AnotherAnswer_IsNotSpliced()
    {
        _upstream.Stream(Wire.Says(1, "a"));
        _upstream.Stream("id: 2\n" + Wire.Event(Wire.Chunk("b", id: "11111111-0000-4000-8000-000000000000")) + Wire.Done);
        Assert.Equal(KonkoStreamFailure.Malformed, (await Assert.ThrowsAsync<KonkoStreamException>(ReadAsync)).Failure);
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("not_resumable")]
    public async Task Resumable_ServerEndsIt_Throws(string code)
    {
        _upstream.Stream(Wire.Says(1, "a") + "id: 2\n" + Wire.Event($$$"""{"error":{"message":"No.","type":"server_error","code":"{{{code}}}"}}"""));
        Assert.Equal(code, (await Assert.ThrowsAsync<KonkoStreamException>(ReadAsync)).Code);
        Assert.Single(_upstream.Requests);
    }

    /// <summary>A server that does not know of resuming sends no ids, and there is no place to go on from.</summary>
    [Fact]
    public async Task Resumable_EventsWithoutIds_ThrowsAtTheCut()
    {
        _upstream.Stream(Wire.Says("a"));
        await Assert.ThrowsAsync<KonkoStreamException>(ReadAsync);
        Assert.Single(_upstream.Requests);
    }

    private async Task<string> ReadAsync()
    {
        using KonkoClient client = _upstream.Client(options => options.MaxReconnects = 3);
        var request = new ChatRequest { Model = "org/tiny", Messages = [Message.User("Hi")], Resumable = true };
        Task<ChatCompletion> call = client.ChatCompletion.CreateStreaming(request).ToCompletionAsync(TestContext.Current.CancellationToken);
        await _upstream.RunAsync(call);
        return (await call).Text;
    }
}
