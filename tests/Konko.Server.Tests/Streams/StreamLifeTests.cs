using System.Net;
using System.Threading.Channels;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Server.Streams;
using Konko.Server.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Server.Tests.Streams;

public sealed class StreamLifeTests
{
    private const string Chat = "/v1/chat/completions";

    private static readonly string s_body = $$"""{"model":"{{ApiHost.Model}}","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"resumable":true},"seed":5}""";

    private readonly Channel<GenerationOutput> _outputs = Channel.CreateUnbounded<GenerationOutput>();
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedProvider _provider;

    public StreamLifeTests() => _provider = new ScriptedProvider((_, cancel) => _outputs.Reader.ReadAllAsync(cancel));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_Silence_IsBrokenByPingsWithoutABlankLine()
    {
        await using StreamHost host = await StreamHost.StartAsync(_provider, time: _time);
        using HttpResponseMessage response = await host.Api.PostAsync(Chat, s_body);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Say("a");
        Assert.Equal("id: 1", await lines.ReadLineAsync(Token));
        await lines.ReadLineAsync(Token);
        await lines.ReadLineAsync(Token);
        for (int i = 0; i < 3; i++)
        {
            Task<string?> line = lines.ReadLineAsync(Token).AsTask();
            while (!line.IsCompleted)
            {
                // The server may not have gone to wait yet when the first of these passes.
                _time.Advance(TimeSpan.FromSeconds(15));
                await Task.Yield();
            }

            Assert.Equal(": ping", await line);
        }

        Finish();
        string rest = await lines.ReadToEndAsync(Token);
        Assert.EndsWith("id: 3\ndata: [DONE]\n\n", rest, StringComparison.Ordinal);
        Assert.DoesNotContain(": ping\n\n", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ClientVanished_StreamWentOn()
    {
        await using StreamHost host = await StreamHost.StartAsync(_provider, time: _time);
        string id = await BeginAndVanishAsync(host);
        Assert.Equal(1, _provider.Running);

        Say("ab");
        Finish();
        ResumableTranscript rest = await host.GetAsync(id, 1);

        Assert.True(rest.Done && rest.Orderly);
        Assert.Equal([2, 3, 4], rest.Events.Select(e => e.Id));
    }

    [Fact]
    public async Task Get_NobodyReadInTheTimeOfGrace_EndsInCancelled()
    {
        string folder = Directory.CreateTempSubdirectory("konko-streams-").FullName;
        await using StreamHost host = await StreamHost.StartAsync(_provider, folder, new StreamSettings { Grace = TimeSpan.FromSeconds(60) }, _time);
        string id = await BeginAndVanishAsync(host);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, _provider.Running);
        _time.Advance(TimeSpan.FromSeconds(1));
        ResumableTranscript rest = await host.GetAsync(id, 1);

        Assert.Equal("cancelled", rest.ErrorCode);
        Assert.False(rest.Orderly);
        Assert.Equal(0, _provider.Running);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "streams")));
    }

    [Fact]
    public async Task Delete_RunningStream_TellsItsReaders()
    {
        await using StreamHost host = await StreamHost.StartAsync(_provider, time: _time);
        using HttpResponseMessage response = await host.Api.PostAsync(Chat, s_body);
        Say("a");
        string id = await IdAsync(host);

        using HttpResponseMessage deleted = await host.SendAsync(HttpMethod.Delete, id);
        ResumableTranscript reader = await StreamHost.ReadAsync(response);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("cancelled", reader.ErrorCode);
        Assert.False(reader.Orderly);
        Assert.Equal(reader.Events.TakeLast(1), (await host.GetAsync(id, reader.Events.Count)).Events);
    }

    [Fact]
    public async Task Delete_FinishedStream_IsNoLongerKept()
    {
        string folder = Directory.CreateTempSubdirectory("konko-streams-").FullName;
        await using StreamHost host = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder);
        ResumableTranscript stream = await host.PostAsync(Chat, s_body);

        using HttpResponseMessage deleted = await host.SendAsync(HttpMethod.Delete, stream.Id);
        using HttpResponseMessage gone = await host.SendAsync(HttpMethod.Get, stream.Id);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, gone.StatusCode));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "streams")));
        Assert.Equal(0, host.Registry.Bytes);
    }

    [Fact]
    public async Task Get_Expired_Is404AndNothingIsLeft()
    {
        string folder = Directory.CreateTempSubdirectory("konko-streams-").FullName;
        await using StreamHost host = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder, new StreamSettings { Keep = TimeSpan.FromMinutes(10) }, _time);
        ResumableTranscript stream = await host.PostAsync(Chat, s_body);

        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(stream.Events, (await host.GetAsync(stream.Id)).Events);
        _time.Advance(TimeSpan.FromMinutes(1));
        using HttpResponseMessage gone = await host.SendAsync(HttpMethod.Get, stream.Id);

        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "streams")));
        Assert.Equal(0, host.Registry.Bytes);
    }

    [Fact]
    public async Task Start_StreamExpiredMeanwhile_IsDeleted()
    {
        string folder = Directory.CreateTempSubdirectory("konko-streams-").FullName;
        await using (StreamHost host = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder, time: _time)) await host.PostAsync(Chat, s_body);
        _time.Advance(TimeSpan.FromMinutes(11));

        await using StreamHost again = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder, time: _time);

        Assert.Empty(again.Registry.Ids);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, "streams")));
    }

    [Fact]
    public async Task Post_OverTheLimit_DropsWhatEndedAndRefusesWhereNothingDid()
    {
        await using StreamHost host = await StreamHost.StartAsync(_provider, settings: new StreamSettings { Limit = 2 });
        using HttpResponseMessage first = await host.Api.PostAsync(Chat, s_body);
        Say("a");
        Finish();
        ResumableTranscript ended = await StreamHost.ReadAsync(first);
        // The reader is counted out behind its last byte.
        using HttpResponseMessage second = await host.Api.PostAsync(Chat, s_body);
        HttpResponseMessage third = await host.Api.PostAsync(Chat, s_body);
        for (int i = 0; i < 1000 && third.StatusCode == HttpStatusCode.TooManyRequests; i++)
        {
            third.Dispose();
            await Task.Delay(10, Token);
            third = await host.Api.PostAsync(Chat, s_body);
        }

        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        using HttpResponseMessage fourth = await host.Api.PostAsync(Chat, s_body);
        Assert.Equal(HttpStatusCode.TooManyRequests, fourth.StatusCode);
        using HttpResponseMessage gone = await host.SendAsync(HttpMethod.Get, ended.Id);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(2, _provider.Running);
        third.Dispose();
    }

    [Fact]
    public async Task Post_MemoryIsFull_EvictsWhatCanBeWrittenAgain()
    {
        string folder = Directory.CreateTempSubdirectory("konko-streams-").FullName;
        await using StreamHost host = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), folder, new StreamSettings { Bytes = 40_000 });
        var streams = new List<ResumableTranscript>();
        for (int i = 0; i < 12; i++)
        {
            string body = s_body.Replace("\"seed\":5", $"\"seed\":{i},\"max_tokens\":20,\"ignore_eos\":true", StringComparison.Ordinal);
            streams.Add(await host.PostAsync(Chat, body));
            Assert.True(streams[^1].Done);
            Assert.True(host.Registry.Bytes <= 40_000);
        }

        foreach (ResumableTranscript stream in streams) Assert.Equal(stream.Events, (await host.GetAsync(stream.Id)).Events);
    }

    [Fact]
    public async Task Post_MoreThanAllMemory_EndsInAnError()
    {
        await using StreamHost host = await StreamHost.StartAsync(new ScriptedProvider(Script.Drawn), settings: new StreamSettings { Bytes = 1500 });

        ResumableTranscript stream = await host.PostAsync(Chat, s_body.Replace("\"seed\":5", "\"seed\":5,\"max_tokens\":30,\"ignore_eos\":true", StringComparison.Ordinal));

        Assert.Equal("overloaded", stream.ErrorCode);
        Assert.False(stream.Orderly);
    }

    private void Say(string word) => _outputs.Writer.TryWrite(new TokenGenerated(0, new SampledToken(ByteTokenizer.Word(word), -0.5f, null), null));

    private void Finish() => _outputs.Writer.TryWrite(new TokenGenerated(0, new SampledToken(ByteTokenizer.Eos, -0.5f, null), EndReason.EndOfGeneration));

    private async Task<string> BeginAndVanishAsync(StreamHost host)
    {
        string id;
        using (HttpResponseMessage response = await host.Api.PostAsync(Chat, s_body))
        {
            Say("a");
            id = await IdAsync(host);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
            Assert.Equal("id: 1", await lines.ReadLineAsync(Token));
        }

        while (!host.Registry.IsIdle(id)) await Task.Delay(5, Token);
        return id;
    }

    private static async Task<string> IdAsync(StreamHost host)
    {
        while (host.Registry.Ids.Count == 0) await Task.Delay(5, Token);
        return host.Registry.Ids.Single();
    }
}
