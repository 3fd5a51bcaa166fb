using Konko.Cli.Hub;
using Konko.Cli.Models;
using Konko.Cli.Tests.Hub;

namespace Konko.Cli.Tests.Models;

/// <summary>A hub, a folder, and pulls from the one to the other.</summary>
internal sealed class PullFixture : IAsyncDisposable
{
    public const string File = "tiny-Q4_0.gguf";

    private PullFixture(FakeHub hub) => Hub = hub;

    public FakeHub Hub { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("konko-pull-").FullName;

    public string Path => System.IO.Path.Combine(Folder, File);

    public HurriedTime Time { get; } = new();

    public List<string> Notes { get; } = [];

    public string? Token { get; set; }

    public long FreeBytes { get; set; } = long.MaxValue;

    /// <summary>A real model, some 1.9 MB.</summary>
    public static byte[] Content { get; } = System.IO.File.ReadAllBytes(Repository.Reference("tiny", "llama-bf16.gguf")!);

    public string[] Here => [.. Directory.EnumerateFileSystemEntries(Folder).Select(file => System.IO.Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    public static async Task<PullFixture> CreateAsync()
    {
        var fixture = new PullFixture(await FakeHub.StartAsync());
        fixture.Hub.Files[File] = Content;
        return fixture;
    }

    public async Task<string> PullAsync(string? wanted = null, string? name = null, CancellationToken? cancellationToken = null)
    {
        using var http = new HubHttp(Hub.Endpoint(Token), Time);
        using var progress = new PullProgress(TextWriter.Null, false, () => 80, Time);
        var pull = new ModelPull(Hub.Endpoint(Token), http, Folder, progress, Notes.Add, Time) { FreeBytes = _ => FreeBytes };
        return (await pull.RunAsync(new HubReference(FakeHub.Repository, wanted), name, cancellationToken ?? TestContext.Current.CancellationToken)).Paths[0];
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
