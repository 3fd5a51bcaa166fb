using System.Net;
using Konko.Http;
using Konko.Tests.Support;

namespace Konko.Tests;

[Trait("Gate", "sdk-faults")]
public sealed class RetryTests
{
    private const string Overloaded = """{"error":{"message":"Too many.","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}""";

    private readonly FakeUpstream _upstream = new();

    [Theory]
    [InlineData("retry-after", "7", 7)]
    [InlineData("retry-after", "1.5", 1.5)]
    [InlineData("retry-after-ms", "2500", 2.5)]
    [InlineData("retry-after", "Fri, 02 Jan 2026 03:04:16 GMT", 11)]
    [InlineData("retry-after", "Fri, 02 Jan 2026 03:00:00 GMT", 0)]
    public async Task Request_RefusedWithAWait_IsSentAgainAfterIt(string header, string value, double seconds)
    {
        _upstream.Answer(429, Overloaded, (header, value)).Answer(200, Wire.Whole);
        Task<ChatCompletion> call = AskAsync();
        await _upstream.RunAsync(call);
        Assert.Equal(" Our policy", (await call).Text);
        Assert.True(Gap >= TimeSpan.FromSeconds(seconds), $"{Gap}");
        Assert.Equal(_upstream.Requests[0].Body, _upstream.Requests[1].Body);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Request_TransientStatus_IsSentTwiceMore(int status)
    {
        _upstream.Answer(status, Overloaded).Answer(status, Overloaded).Answer(status, Overloaded);
        Task<ChatCompletion> call = AskAsync();
        await _upstream.RunAsync(call);
        KonkoApiException refused = await Assert.ThrowsAsync<KonkoApiException>(() => call);
        Assert.Equal((status, "rate_limit_exceeded", "rate_limit_error", true), (refused.Status, refused.Code, refused.Type, refused.IsTransient));
        Assert.Equal(3, _upstream.Requests.Count);
        Assert.True(Gap >= TimeSpan.FromSeconds(0.375));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task Request_OwnFault_IsSentOnce(int status)
    {
        _upstream.Answer(status, """{"error":{"message":"'n' is too large.","type":"invalid_request_error","param":"n","code":null}}""", ("x-request-id", "req-9"));
        KonkoApiException refused = await Assert.ThrowsAsync<KonkoApiException>(() => AskAsync());
        Assert.Equal((status, "n", "req-9", false), (refused.Status, refused.Param, refused.RequestId, refused.IsTransient));
        Assert.Equal("'n' is too large.", refused.Message);
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task Request_ServerSaysNotToRetry_IsSentOnce()
    {
        _upstream.Answer(429, Overloaded, ("x-should-retry", "false"));
        await Assert.ThrowsAsync<KonkoApiException>(() => AskAsync());
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task Request_ServerSaysToRetry_IsSentAgain()
    {
        _upstream.Answer(409, Overloaded, ("x-should-retry", "true")).Answer(200, Wire.Whole);
        Task<ChatCompletion> call = AskAsync();
        await _upstream.RunAsync(call);
        Assert.Equal(" Our policy", (await call).Text);
    }

    [Fact]
    public async Task Request_AskedToWaitTooLong_ThrowsWithTheWait()
    {
        _upstream.Answer(429, Overloaded, ("retry-after", "3600"));
        KonkoApiException refused = await Assert.ThrowsAsync<KonkoApiException>(() => AskAsync());
        Assert.Equal(TimeSpan.FromHours(1), refused.RetryAfter);
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task Stream_RefusedBeforeItBegan_IsAskedForAgain()
    {
        _upstream.Answer(503, "busy", ("retry-after", "1"));
        _upstream.Fail().Stream(Wire.Says("a") + Wire.Done);
        Task<ChatCompletion> call = _upstream.Client().ChatCompletion.CreateStreaming("org/tiny", [("user", "Hi")]).ToCompletionAsync(TestContext.Current.CancellationToken);
        await _upstream.RunAsync(call);
        Assert.Equal("a", (await call).Text);
        Assert.Equal(3, _upstream.Requests.Count);
    }

    [Fact]
    public async Task Request_NobodyAnswers_ThrowsAfterItsTries()
    {
        _upstream.Fail().Fail().Fail();
        Task<ChatCompletion> call = AskAsync();
        await _upstream.RunAsync(call);
        KonkoConnectionException none = await Assert.ThrowsAsync<KonkoConnectionException>(() => call);
        Assert.Contains("http://upstream gave no answer", none.Message, StringComparison.Ordinal);
        Assert.Null(none.Status);
    }

    [Fact]
    public async Task Answer_BreaksWithinItsBody_IsNotAskedForAgain()
    {
        _upstream.Stream(Wire.Whole[..50], new IOException("Connection reset."));
        await Assert.ThrowsAsync<KonkoConnectionException>(() => AskAsync());
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task Answer_NotWholeInTime_TimesOut()
    {
        ScriptedBody body = _upstream.Stream(Wire.Whole[..50], ScriptedBody.Hang);
        Task<ChatCompletion> call = AskAsync();
        await body.Hangs;
        _upstream.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(KonkoTimeout.Answer, (await Assert.ThrowsAsync<KonkoTimeoutException>(() => call)).WaitedFor);
    }

    [Theory]
    [InlineData("<html>Bad Gateway</html>", "<html>Bad Gateway</html>")]
    [InlineData("""{"detail":"Not Found"}""", "Not Found")]
    [InlineData("""{"error":"no such model"}""", "no such model")]
    [InlineData("", "The server answered 404 Not Found without a word.")]
    public async Task Error_OfOtherServers_TellsWhatItCan(string body, string message)
    {
        _upstream.Answer(404, body);
        KonkoApiException refused = await Assert.ThrowsAsync<KonkoApiException>(() => AskAsync());
        Assert.Equal(message, refused.Message);
        Assert.Equal(body, refused.Response.Text);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("<html>")]
    public async Task Answer_NoJsonOfAnAnswer_Throws(string body)
    {
        _upstream.Answer(200, body);
        await Assert.ThrowsAsync<KonkoConnectionException>(() => AskAsync());
    }

    [Theory]
    [InlineData(1, 0.375, 0.5)]
    [InlineData(2, 0.75, 1)]
    [InlineData(4, 3, 4)]
    [InlineData(5, 6, 8)]
    [InlineData(60, 6, 8)]
    public void Backoff_EveryAttempt_DoublesToEightSeconds(int attempt, double least, double most)
    {
        for (int i = 0; i < 100; i++) Assert.InRange(RetryPolicy.Backoff(attempt).TotalSeconds, least, most);
    }

    [Theory]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("99999999999999999999", 86400.0)]
    public void RetryAfter_OddValues_AreNeverAWaitForEver(string value, double? seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("retry-after", value);
        Assert.Equal(seconds, RetryPolicy.RetryAfter(response, DateTimeOffset.UnixEpoch)?.TotalSeconds);
    }

    private TimeSpan Gap => _upstream.Requests[1].At - _upstream.Requests[0].At;

    private Task<ChatCompletion> AskAsync() =>
        _upstream.Client().Chat.Completions.CreateAsync("org/tiny", [("user", "Hi")], cancellationToken: TestContext.Current.CancellationToken);
}
