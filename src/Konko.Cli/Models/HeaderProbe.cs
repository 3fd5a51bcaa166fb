using System.Net;
using System.Net.Http.Headers;
using Konko.Cli.Hub;
using Konko.Cli.Running;
using Konko.Engine;
using Konko.Engine.Gguf;

namespace Konko.Cli.Models;

/// <summary>
/// Asks for the first bytes of a model's files, more of them until the header is whole, and lets the engine look at it: what it
/// cannot run is refused after a few megabytes, not after all of them.
/// </summary>
/// <param name="hub">The hub.</param>
/// <param name="backoff">What to do when it fails.</param>
internal sealed class HeaderProbe(HubClient hub, HubBackoff backoff)
{
    /// <summary>Longer headers than any model has; the longest known, with vocabularies of 260,000 tokens, have some 15 MiB.</summary>
    public const int MostBytes = 64 << 20;

    private const int FirstBytes = 1 << 20;
    private const int FurtherBytes = 128 << 10; // Of a split model's further files, which hold no vocabulary.
    private const int Growth = 4;

    /// <summary>Reads the headers.</summary>
    /// <param name="reference">The repository.</param>
    /// <param name="files">The model's files in their order.</param>
    /// <param name="names">The names that they get here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the model is.</returns>
    /// <exception cref="FailureException">Konko cannot run it, or the hub says no.</exception>
    public async Task<ModelOutline> ReadAsync(HubReference reference, IReadOnlyList<HubFile> files, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var beginnings = new GgufBeginning[files.Count];
        for (int i = 0; i < files.Count; i++) beginnings[i] = await GrowAsync(reference, files[i], new GgufBeginning(names[i], files[i].Bytes, default), i == 0 ? FirstBytes : FurtherBytes, cancellationToken);
        while (true)
        {
            try
            {
                return ModelOutline.Read(beginnings);
            }
            catch (GgufException exception)
            {
                throw new FailureException($"Konko cannot run this model, and did not fetch it: {exception.Message}");
            }
            catch (GgufBeginningException exception)
            {
                int i = Array.FindIndex(beginnings, beginning => beginning.Name == exception.Name);
                long wanted = Math.Max(exception.Needed, (long)beginnings[i].Bytes.Length * Growth);
                // A header that says that it is endless is not followed: all files together have one limit.
                long others = beginnings.Sum(beginning => (long)beginning.Bytes.Length) - beginnings[i].Bytes.Length;
                if (exception.Needed + others > MostBytes + (long)(files.Count - 1) * FurtherBytes) throw new FailureException($"{names[i]}: its header is longer than {ByteText.Size(MostBytes)}, which no model's is; it was not fetched.");
                beginnings[i] = await GrowAsync(reference, files[i], beginnings[i], Math.Min(wanted, Math.Max(exception.Needed, MostBytes)), cancellationToken);
            }
        }
    }

    private Task<GgufBeginning> GrowAsync(HubReference reference, HubFile file, GgufBeginning beginning, long wanted, CancellationToken cancellationToken)
    {
        int had = beginning.Bytes.Length, length = (int)Math.Min(wanted, file.Bytes);
        return backoff.RunAsync(async () =>
        {
            byte[] bytes = new byte[length];
            beginning.Bytes.CopyTo(bytes);
            using HttpResponseMessage response = await hub.OpenAsync(reference, file, new RangeHeaderValue(had, length - 1), null, cancellationToken);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) throw new FailureException($"{file.Name}: the hub has not the {ByteText.Size(file.Bytes)} that it lists.");
            // Who knows no ranges sends all from the start; no more of it is read than is wanted.
            bool isPart = response.StatusCode == HttpStatusCode.PartialContent;
            if (isPart && response.Content.Headers.ContentRange is { } range && range.From != had) throw new FailureException($"{file.Name}: the hub sends other bytes than it was asked for.");
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            for (int at = isPart ? had : 0; at < length;)
            {
                int count = await hub.ReadAsync(body, bytes.AsMemory(at), cancellationToken);
                if (count == 0) throw new HubTransientException("the connection was cut");
                at += count;
            }

            return beginning with { Bytes = bytes };
        }, cancellationToken);
    }
}
