using System.Runtime.CompilerServices;
using System.Text;
using Konko.Engine.Scheduling;
using Konko.Server.Configuration;
using Konko.Server.Providers;
using Konko.Server.Streams;
using Microsoft.Extensions.DependencyInjection;

namespace Konko.Server.Tests.Support;

/// <summary>The answering endpoints with resumable streams, over a folder that outlives them.</summary>
internal sealed class StreamHost : IAsyncDisposable
{
    private StreamHost(ApiHost api) => (Api, Registry) = (api, api.Services.GetRequiredService<StreamRegistry>());

    public ApiHost Api { get; }

    public StreamRegistry Registry { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<StreamHost> StartAsync(
        IProvider provider, string? folder = null, StreamSettings? settings = null, TimeProvider? time = null, string fingerprint = "fp_test")
        => new(await ApiHost.StartAsync(
            provider,
            time: time,
            services: services =>
            {
                services.AddSingleton(new KonkoOptions { DataDirectory = folder });
                services.AddSingleton(settings ?? new StreamSettings());
            },
            fingerprint: fingerprint));

    /// <summary>Begins a stream and reads it to its end.</summary>
    public async Task<ResumableTranscript> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await Api.PostAsync(path, body, [.. headers, ("X-Konko-Resumable", "true")]);
        return await ReadAsync(response);
    }

    /// <summary>Goes on with a stream, to its end.</summary>
    public async Task<ResumableTranscript> GetAsync(string id, int? after = null, string? key = null)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, id, after is int last ? $"{last}" : null, key);
        return await ReadAsync(response);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string id, string? after = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, "/v1/streams/" + id);
        if (after is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        return await Api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    public static async Task<ResumableTranscript> ReadAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode) Assert.Fail($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Token)}");
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        await using Stream body = await response.Content.ReadAsStreamAsync(Token);
        var bytes = new MemoryStream();
        bool orderly = true;
        try
        {
            await body.CopyToAsync(bytes, Token);
        }
        catch (HttpIOException)
        {
            orderly = false;
        }

        return ResumableTranscript.Parse(Encoding.UTF8.GetString(bytes.ToArray()), orderly);
    }

    /// <summary>Reads some events of a stream and goes away.</summary>
    /// <param name="response">The stream; let go of here.</param>
    /// <param name="most">How many events to read; fewer come where the stream ends before.</param>
    public static async Task<IReadOnlyList<(int Id, string Data)>> ReadSomeAsync(HttpResponseMessage response, int most)
    {
        if (!response.IsSuccessStatusCode) Assert.Fail($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Token)}");
        using HttpResponseMessage let = response;
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        var text = new StringBuilder();
        for (int events = 0; events < most && await lines.ReadLineAsync(Token) is { } line;)
        {
            text.Append(line).Append('\n');
            if (line.Length == 0) events++;
        }

        return ResumableTranscript.Parse(text.ToString(), orderly: false).Events;
    }

    /// <summary>A provider whose outputs come up to a number and then no more.</summary>
    public static ScriptedProvider Stuck(int outputs) => new((request, cancellationToken) => FirstAsync(request, outputs, cancellationToken));

    public ValueTask DisposeAsync() => Api.DisposeAsync();

    private static async IAsyncEnumerable<GenerationOutput> FirstAsync(ProviderRequest request, int outputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (GenerationOutput output in Script.Drawn(request).Take(outputs)) yield return output;
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
