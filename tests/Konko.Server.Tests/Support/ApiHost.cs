using System.Net;
using System.Text;
using Konko.Server.Api;
using Konko.Server.Models;
using Konko.Server.Providers;
using Konko.Server.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Tests.Support;

/// <summary>The answering endpoints on a real socket, over a provider of the test's.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const string Model = "test/model";

    private readonly WebApplication _app;

    private ApiHost(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = Address };
    }

    public IServiceProvider Services => _app.Services;

    public Uri Address { get; }

    public HttpClient Client { get; }

    public static async Task<ApiHost> StartAsync(IProvider provider, ApiSettings? settings = null, TimeProvider? time = null, HttpProtocols protocols = HttpProtocols.Http1, Action<IServiceCollection>? services = null, string fingerprint = "fp_test")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        if (time is not null) builder.Services.AddSingleton(time);
        services?.Invoke(builder.Services);
        builder.Services.AddSingleton<IModelDirectory>(new OneModel(provider, fingerprint));
        builder.Services.AddAnswers(settings ?? new ApiSettings());
        WebApplication app = builder.Build();
        app.MapChatCompletions();
        app.MapCompletions();
        app.MapResponses();
        StreamEndpoints.Map(app);
        await app.StartAsync();
        return new ApiHost(app);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers)
        => SendAsync(path, Encoding.UTF8.GetBytes(json), headers);

    public async Task<HttpResponseMessage> SendAsync(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach ((string name, string value) in headers) request.Headers.Add(name, value);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class OneModel(IProvider provider, string fingerprint) : IModelDirectory
    {
        private readonly ServedModel _model = new()
        {
            Id = Model,
            Name = Model,
            Provider = provider,
            IsChat = true,
            IsText = true,
            ContextLength = 4096,
            Fingerprint = fingerprint,
        };

        public ValueTask<ModelLookup> FindAsync(string name, CancellationToken cancellationToken)
            => ValueTask.FromResult<ModelLookup>(
                string.Equals(name, Model, StringComparison.OrdinalIgnoreCase)
                    ? _model
                    : Konko.Server.Api.Errors.ApiError.ModelNotFound("There is no such model."));
    }
}
