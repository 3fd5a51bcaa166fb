using Konko.Cli.Hub;
using Konko.Cli.Running;
using Konko.Engine;

namespace Konko.Cli.Models;

/// <summary>Pulls a model from the hub into a folder: chooses its files, looks at their headers, then fetches them.</summary>
/// <param name="endpoint">The hub.</param>
/// <param name="http">How it is asked.</param>
/// <param name="folder">Where the files go; it is made if it is not there.</param>
/// <param name="progress">What people see.</param>
/// <param name="note">Is told what goes on.</param>
/// <param name="time">The clock.</param>
internal sealed class ModelPull(HubEndpoint endpoint, HubHttp http, string folder, PullProgress progress, Action<string> note, TimeProvider time)
{
    // What else writes to the disk meanwhile.
    private const long Reserve = 64 << 20;

    /// <summary>Tells the free bytes where a folder lies.</summary>
    public Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Pulls it.</summary>
    /// <param name="reference">What is wanted.</param>
    /// <param name="name">The name that its file gets; null keeps that of the hub.</param>
    /// <param name="cancellationToken">Stops; what came stays for the next pull.</param>
    /// <returns>The paths of its files, the first of a split model first; and what the model is.</returns>
    /// <exception cref="FailureException">It could not be done; the message says why.</exception>
    public async Task<(IReadOnlyList<string> Paths, HubModel Model, ModelOutline Outline)> RunAsync(HubReference reference, string? name, CancellationToken cancellationToken)
    {
        var hub = new HubClient(endpoint, http, time);
        var backoff = new HubBackoff(time, text =>
        {
            progress.Clear();
            note(text);
        });
        IReadOnlyList<HubFile> files = await backoff.RunAsync(() => hub.ListAsync(reference, cancellationToken), cancellationToken);
        HubModel model = HubModel.Choose(reference, HubModel.Of(files));
        IReadOnlyList<string> names = model.LocalNames(name);
        note($"{model.Name}: {ByteText.Size(model.Bytes)}{(model.Parts > 1 ? $" in {model.Parts} files" : "")}");
        ModelOutline outline = await new HeaderProbe(hub, backoff).ReadAsync(reference, model.Files, names, cancellationToken);

        Directory.CreateDirectory(folder);
        string[] paths = [.. names.Select(each => Path.Combine(folder, each))];
        long missing = model.Files.Select((file, i) => FileDownload.Missing(file, paths[i])).Sum();
        if (missing > 0 && FreeBytes(folder) is long free && free < missing + Reserve)
        {
            throw new FailureException($"{folder}: {ByteText.Size(missing)} are still to come, and {ByteText.Size(free)} are free there.");
        }

        // The first part comes last: without it nobody takes the others for a model.
        var download = new FileDownload(hub, backoff, progress);
        try
        {
            bool any = false;
            for (int i = paths.Length - 1; i >= 0; i--) any |= await download.RunAsync(reference, model.Files[i], paths[i], cancellationToken);
            if (!any) note("It is here already, and its sum is right.");
        }
        finally
        {
            progress.Clear();
        }

        return (paths, model, outline);
    }
}
