using System.Text;
using System.Text.Json;
using Konko.Server.Configuration;
using Konko.Server.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Konko.Server.Tests.Hosting;

/// <summary>A server on a free loopback port with one scripted model, and a client for it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    public const string ModelId = "org/tiny";

    private readonly string _file;

    private RunningServer(KonkoServer server, string file)
    {
        (Server, _file) = (server, file);
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.EndPoints[0].Port}") };
    }

    public KonkoServer Server { get; }

    public HttpClient Client { get; }

    public static async Task<RunningServer> StartAsync(KonkoOptions? options = null, IModelLoader? loader = null, TimeProvider? time = null)
    {
        string file = Path.GetTempFileName();
        options = (options ?? new KonkoOptions()) with { Port = 0 };
        if (options.Models.Count == 0) options = options with { Models = [new ModelOptions { Path = file, Id = ModelId }] };
        KonkoServer server = KonkoServer.Create(options, services =>
        {
            services.AddSingleton(loader ?? ScriptedLoader.Instant());
            if (time is not null) services.AddSingleton(time);
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        var running = new RunningServer(server, file);
        if (loader is null) await server.Loading;
        return running;
    }

    /// <summary>A server of the embedded model, ready.</summary>
    public static Task<RunningServer> StartEmbeddedAsync(KonkoOptions? options = null) => StartOwnAsync((options ?? new KonkoOptions()) with { Port = 0 });

    /// <summary>A server of the options' own models, ready.</summary>
    public static async Task<RunningServer> StartOwnAsync(KonkoOptions options)
    {
        KonkoServer server = KonkoServer.Create(options);
        await server.StartAsync();
        await server.Loading;
        return new RunningServer(server, Path.GetTempFileName());
    }

    /// <summary>Posts JSON and returns the answer's JSON, which must come with the status.</summary>
    public async Task<JsonElement> PostAsync(string path, string body, int status = 200)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        if (status >= 400) return await ErrorAsync(response, status);
        Assert.Equal(status, (int)response.StatusCode);
        return await JsonAsync(response);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach ((string name, string value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    /// <summary>Checks that the answer is an error object with nothing else in it, and returns it.</summary>
    public static async Task<JsonElement> ErrorAsync(HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.NotEmpty(response.Headers.GetValues("x-request-id"));
        JsonElement root = await JsonAsync(response);
        Assert.Equal(["error"], root.EnumerateObject().Select(p => p.Name));
        JsonElement error = root.GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(p => p.Name));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        return error;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.StopAsync();
        await Server.DisposeAsync();
        File.Delete(_file);
    }
}
