using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Konko.Cli.Hub;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Konko.Cli.Tests.Hub;

/// <summary>
/// A hub with one repository, and beside it at another address where it keeps large files: lists, redirects and sends ranges as
/// the real one does, and fails as it is told to.
/// </summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Repository = "org/repo-GGUF";

    private readonly WebApplication _app;
    private readonly Uri _store;

    private FakeHub(WebApplication app, Uri url, Uri store) => (_app, Url, _store) = (app, url, store);

    public Uri Url { get; }

    public Uri StoreUrl => _store;

    /// <summary>The files by their paths.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Sizes that are listed in place of the true ones.</summary>
    public Dictionary<string, long> ListedBytes { get; } = [];

    /// <summary>Sums that are listed in place of the true ones.</summary>
    public Dictionary<string, string?> ListedSums { get; } = [];

    public ConcurrentQueue<FakeHubRequest> Requests { get; } = [];

    /// <summary>What the next requests for a listing get instead.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> OnList { get; } = [];

    /// <summary>What the next requests for a file get from the hub instead.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> OnResolve { get; } = [];

    /// <summary>What the next requests for a file's content get instead, but those for its header.</summary>
    public ConcurrentQueue<Func<HttpContext, byte[], Task>> OnContent { get; } = [];

    /// <summary>Whether the store knows ranges.</summary>
    public bool KnowsRanges { get; set; } = true;

    /// <summary>The mark of the content's version.</summary>
    public string Tag { get; set; } = "\"v1\"";

    /// <summary>Requests for content behind the headers'.</summary>
    public IEnumerable<FakeHubRequest> Downloads => Requests.Where(request => !request.IsHub && (request.Range is null || request.Range.EndsWith('-')));

    public HubEndpoint Endpoint(string? token = null) => new(Url.ToString().TrimEnd('/'), token);

    public static async Task<FakeHub> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        WebApplication app = builder.Build();
        FakeHub? hub = null;
        app.Run(context => hub!.AnswerAsync(context));
        await app.StartAsync(TestContext.Current.CancellationToken);
        Uri[] urls = [.. app.Urls.Select(url => new Uri(url))];
        return hub = new FakeHub(app, urls[0], urls[1]);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    /// <summary>Sends some bytes of a content that is announced whole, then cuts the connection.</summary>
    public static Func<HttpContext, byte[], Task> CutAfter(int bytes) => async (context, content) =>
    {
        ReadOnlyMemory<byte> wanted = Begin(context, content, "\"v1\"");
        await context.Response.Body.WriteAsync(wanted[..bytes]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    };

    /// <summary>Answers with nothing but a status and headers.</summary>
    public static Func<HttpContext, Task> Status(int status, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        foreach ((string name, string value) in headers) context.Response.Headers[name] = value;
        return Task.CompletedTask;
    };

    private static string Sum(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private async Task AnswerAsync(HttpContext context)
    {
        bool isHub = context.Connection.LocalPort == Url.Port;
        IHeaderDictionary headers = context.Request.Headers;
        Requests.Enqueue(new FakeHubRequest(isHub, context.Request.Path, Text(headers.Range), Text(headers.IfRange), Text(headers.Authorization)));
        string path = context.Request.Path.Value!;
        if (isHub && path == $"/api/models/{Repository}/tree/main") await (OnList.TryDequeue(out Func<HttpContext, Task>? list) ? list(context) : ListAsync(context));
        else if (isHub && path.StartsWith($"/{Repository}/resolve/main/", StringComparison.Ordinal)) await (OnResolve.TryDequeue(out Func<HttpContext, Task>? resolve) ? resolve(context) : ResolveAsync(context, path[$"/{Repository}/resolve/main/".Length..]));
        else if (!isHub && Files.Values.FirstOrDefault(content => path == "/" + Sum(content)) is byte[] content) await ContentAsync(context, content);
        else context.Response.StatusCode = 404;
    }

    private static string? Text(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values.ToString();

    public Task ListAsync(HttpContext context) => context.Response.WriteAsync(new JsonArray([.. Files.Select(file => Row(file.Key, file.Value)), Row("README.md", [1, 2])]).ToJsonString());

    private JsonObject Row(string path, byte[] content)
    {
        long bytes = ListedBytes.GetValueOrDefault(path, content.Length);
        return new JsonObject
        {
            ["type"] = "file",
            ["oid"] = "0123456789012345678901234567890123456789",
            ["size"] = bytes,
            ["path"] = path,
            ["lfs"] = path.EndsWith(".gguf", StringComparison.Ordinal) ? new JsonObject { ["oid"] = ListedSums.GetValueOrDefault(path, Sum(content)), ["size"] = bytes, ["pointerSize"] = 130 } : null,
        };
    }

    private Task ResolveAsync(HttpContext context, string path)
    {
        if (!Files.TryGetValue(path, out byte[]? content)) return Status(404, ("X-Error-Code", "EntryNotFound"))(context);
        return Status(302,
            ("X-Linked-Etag", $"\"{ListedSums.GetValueOrDefault(path, Sum(content))}\""),
            ("X-Linked-Size", $"{ListedBytes.GetValueOrDefault(path, content.Length)}"),
            ("Location", new Uri(_store, Sum(content)).ToString()))(context);
    }

    private async Task ContentAsync(HttpContext context, byte[] content)
    {
        bool isHeader = context.Request.Headers.Range is [{ } range] && !range.EndsWith('-');
        if (!isHeader && OnContent.TryDequeue(out Func<HttpContext, byte[], Task>? instead))
        {
            await instead(context, content);
            return;
        }

        if (!KnowsRanges) context.Request.Headers.Remove("Range");
        ReadOnlyMemory<byte> wanted = Begin(context, content, Tag);
        for (int at = 0; at < wanted.Length; at += 64 << 10) await context.Response.Body.WriteAsync(wanted[at..Math.Min(wanted.Length, at + (64 << 10))], context.RequestAborted);
    }

    private static ReadOnlyMemory<byte> Begin(HttpContext context, byte[] content, string tag)
    {
        context.Response.Headers.ETag = tag;
        int from = 0, to = content.Length - 1;
        bool same = context.Request.Headers.IfRange is not [{ } wanted] || wanted == tag;
        if (same && context.Request.Headers.Range is [{ } range])
        {
            string[] ends = range["bytes=".Length..].Split('-');
            from = int.Parse(ends[0], System.Globalization.CultureInfo.InvariantCulture);
            if (ends[1].Length > 0) to = Math.Min(to, int.Parse(ends[1], System.Globalization.CultureInfo.InvariantCulture));
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{to}/{content.Length}";
        }

        context.Response.ContentLength = to - from + 1;
        return content.AsMemory(from..(to + 1));
    }
}
