using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Konko.Cli.Hub;
using Konko.Cli.Running;

namespace Konko.Cli.Models;

/// <summary>
/// Brings one file here. It is written beside its place as <c>NAME.part</c>, which a pull that was stopped or cut leaves behind and
/// a later one goes on with; only when its sum is right is it flushed to the disk and renamed. A lock keeps two pulls apart.
/// </summary>
/// <param name="hub">The hub.</param>
/// <param name="backoff">What to do when it fails.</param>
/// <param name="progress">What people see.</param>
internal sealed class FileDownload(HubClient hub, HubBackoff backoff, PullProgress progress)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>The unfinished file of a path.</summary>
    public static string PartOf(string path) => path + ".part";

    /// <summary>What an unfinished file is the beginning of.</summary>
    public static string StateOf(string path) => path + ".part.json";

    /// <summary>Bytes that are still to come.</summary>
    public static long Missing(HubFile file, string path)
    {
        if (File.Exists(path)) return 0;
        return PartState.Read(StateOf(path))?.Sha256 == file.Sha256 && new FileInfo(PartOf(path)) is { Exists: true } part ? Math.Max(0, file.Bytes - part.Length) : file.Bytes;
    }

    /// <summary>Brings it here, unless it is.</summary>
    /// <param name="reference">The repository.</param>
    /// <param name="file">The file.</param>
    /// <param name="path">Its place.</param>
    /// <param name="cancellationToken">Stops; what came stays for the next pull.</param>
    /// <returns>Whether anything was fetched.</returns>
    /// <exception cref="FailureException">It could not be done.</exception>
    public async Task<bool> RunAsync(HubReference reference, HubFile file, string path, CancellationToken cancellationToken)
    {
        await using FileStream held = Lock(path);
        if (File.Exists(path))
        {
            await CheckSameAsync(file, path, cancellationToken);
            return false;
        }

        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (FileStream part = new(PartOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous))
        {
            PartState state = Begin(file, path, part);
            progress.Start(file.Name, part.Length, file.Bytes);
            await SumAsync(part, sum, cancellationToken);
            while (part.Length < file.Bytes)
            {
                long before = part.Length;
                try
                {
                    using HttpResponseMessage response = await OpenAsync(reference, file, part, sum, state.StrongTag, cancellationToken);
                    state = state.With(response.Headers.ETag, StateOf(path));
                    await CopyAsync(response, file, part, sum, cancellationToken);
                }
                catch (HubTransientException exception)
                {
                    if (part.Length > before) backoff.Reset();
                    await backoff.WaitAsync(exception, cancellationToken);
                }
            }

            part.Flush(flushToDisk: true);
        }

        backoff.Reset();
        progress.End();
        string got = Convert.ToHexStringLower(sum.GetHashAndReset());
        if (got != file.Sha256)
        {
            File.Delete(PartOf(path));
            File.Delete(StateOf(path));
            throw new FailureException($"{file.Name}: it came with the SHA-256 {got} and must have {file.Sha256}; it was deleted. Pull again.");
        }

        File.Move(PartOf(path), path);
        File.Delete(StateOf(path));
        return true;
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException) when (File.Exists(path + ".lock"))
        {
            throw new FailureException($"{Path.GetFileName(path)}: another pull of it is running.");
        }
    }

    private async Task CheckSameAsync(HubFile file, string path, CancellationToken cancellationToken)
    {
        await using FileStream there = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (there.Length == file.Bytes)
        {
            progress.Start(file.Name, 0, file.Bytes);
            await SumAsync(there, sum, cancellationToken);
            progress.End();
        }

        if (there.Length != file.Bytes || Convert.ToHexStringLower(sum.GetHashAndReset()) != file.Sha256)
        {
            throw new FailureException($"{path}: it is there already and is another file. Remove it with 'konko models rm {Path.GetFileName(path)}', or give this one another name with --as.");
        }
    }

    // An unfinished file of other content is begun anew.
    private static PartState Begin(HubFile file, string path, FileStream part)
    {
        PartState? state = PartState.Read(StateOf(path));
        if (state is not null && state.Sha256 == file.Sha256 && state.Bytes == file.Bytes && part.Length <= file.Bytes) return state;
        part.SetLength(0);
        state = new PartState(file.Sha256!, file.Bytes, null);
        state.Write(StateOf(path));
        return state;
    }

    private async Task SumAsync(FileStream file, IncrementalHash sum, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        file.Position = 0;
        while (await file.ReadAsync(buffer, cancellationToken) is > 0 and int count)
        {
            sum.AppendData(buffer, 0, count);
            progress.Check(file.Position);
        }

        progress.Checked();
    }

    // The rest of the file, or all of it where that cannot be had.
    private async Task<HttpResponseMessage> OpenAsync(HubReference reference, HubFile file, FileStream part, IncrementalHash sum, EntityTagHeaderValue? tag, CancellationToken cancellationToken)
    {
        long had = part.Length;
        HttpResponseMessage response = await hub.OpenAsync(reference, file, had > 0 ? new RangeHeaderValue(had, null) : null, tag, cancellationToken);
        ContentRangeHeaderValue? sent = response.Content.Headers.ContentRange;
        bool goesOn = response.StatusCode == HttpStatusCode.PartialContent && sent?.From == had && (sent.Length is null || sent.Length == file.Bytes);
        if (had > 0 && !goesOn)
        {
            // The content was replaced, or ranges are not known there: what came is of no use.
            part.SetLength(0);
            sum.GetHashAndReset();
            progress.Report(0);
        }

        if (response.StatusCode == HttpStatusCode.OK || (had > 0 && goesOn)) return response;
        using (response)
        {
            throw had > 0
                ? new HubTransientException($"{file.Name}: it cannot be gone on with and is begun anew")
                : new FailureException($"{file.Name}: the hub answers {(int)response.StatusCode} where a whole file was asked for.");
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, HubFile file, FileStream part, IncrementalHash sum, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        part.Position = part.Length;
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (part.Position < file.Bytes)
        {
            // Never more than was listed, whatever comes.
            int wanted = (int)Math.Min(buffer.Length, file.Bytes - part.Position);
            int count = await hub.ReadAsync(body, buffer.AsMemory(0, wanted), cancellationToken);
            if (count == 0) throw new HubTransientException($"{file.Name}: the connection was cut");
            // A stop between these two would leave a file that its sum does not know of; the next pull sums it anew, so it may.
            await part.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None);
            sum.AppendData(buffer, 0, count);
            progress.Report(part.Position);
        }
    }
}
