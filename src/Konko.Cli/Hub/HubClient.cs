using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Konko.Cli.Running;

namespace Konko.Cli.Hub;

/// <summary>The Hugging Face hub's protocol, as much of it as a pull needs: the listing of a repository, and its files.</summary>
/// <param name="endpoint">The hub.</param>
/// <param name="http">How it is asked.</param>
/// <param name="time">The clock.</param>
internal sealed partial class HubClient(HubEndpoint endpoint, HubHttp http, TimeProvider time)
{
    private const int MostPages = 50;
    private const int MostPageBytes = 8 << 20;
    private const int MostFiles = 10_000;

    /// <summary>Whether a text is a SHA-256 in hexadecimal.</summary>
    public static bool IsSum(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigit);

    /// <summary>The GGUF files of a repository.</summary>
    /// <param name="reference">The repository and its revision.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HubTransientException">It may go well the next time.</exception>
    /// <exception cref="FailureException">The hub says no, or what it says makes no sense.</exception>
    public async Task<IReadOnlyList<HubFile>> ListAsync(HubReference reference, CancellationToken cancellationToken)
    {
        var files = new List<HubFile>();
        Uri? url = new($"{endpoint.Url}/api/models/{reference.Repository}/tree/{reference.Revision}?recursive=true");
        for (int page = 0; url is not null; page++)
        {
            if (page == MostPages) throw new FailureException($"{reference.Repository}: its listing has no end.");
            using HubAnswer answer = await http.GetAsync(url, null, cancellationToken);
            Check(answer, reference, null);
            foreach (HubTreeEntry entry in await ReadPageAsync(answer, reference, cancellationToken))
            {
                if (entry is not { Type: "file", Path.Length: > 0 } || !entry.Path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) continue;
                string? sum = IsSum(entry.Lfs?.Oid) ? entry.Lfs!.Oid!.ToLowerInvariant() : null;
                files.Add(new HubFile(entry.Path, entry.Lfs?.Size ?? entry.Size ?? 0, sum));
            }

            if (files.Count > MostFiles) throw new FailureException($"{reference.Repository}: it has more than {MostFiles} files.");
            url = NextPage(answer.Response, url);
        }

        return files;
    }

    /// <summary>Asks for a file's content.</summary>
    /// <param name="reference">The repository and its revision.</param>
    /// <param name="file">The file; its path is safe.</param>
    /// <param name="range">The bytes that are wanted; null is all.</param>
    /// <param name="tag">The content's tag when its first bytes came: another one gets the whole content instead; null does not ask.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer: 200, 206 or 416.</returns>
    /// <exception cref="HubTransientException">It may go well the next time.</exception>
    /// <exception cref="FailureException">The hub says no, or it has another file meanwhile.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HubReference reference, HubFile file, RangeHeaderValue? range, EntityTagHeaderValue? tag, CancellationToken cancellationToken)
    {
        string path = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        var url = new Uri($"{endpoint.Url}/{reference.Repository}/resolve/{reference.Revision}/{path}");
        HubAnswer answer = await http.GetAsync(url, Prepare, cancellationToken);
        try
        {
            bool isWhole = answer.Response.StatusCode is HttpStatusCode.OK && range is null;
            if (answer.Response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable) Check(answer, reference, file);
            if ((answer.LinkedSum is string sum && sum != file.Sha256)
                || (answer.LinkedBytes is long bytes && bytes != file.Bytes)
                || (isWhole && answer.Response.Content.Headers.ContentLength is long length && length != file.Bytes))
            {
                throw new FailureException($"{file.Name}: the hub has another file than it listed; it was replaced a moment ago, or something on the way is broken. Try again.");
            }

            return answer.Response;
        }
        catch
        {
            answer.Dispose();
            throw;
        }

        void Prepare(HttpRequestMessage request)
        {
            request.Headers.Range = range;
            if (range is not null && tag is not null) request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }
    }

    /// <inheritdoc cref="HubHttp.ReadAsync"/>
    public ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken) => http.ReadAsync(body, buffer, cancellationToken);

    private async Task<List<HubTreeEntry>> ReadPageAsync(HubAnswer answer, HubReference reference, CancellationToken cancellationToken)
    {
        using var page = new MemoryStream();
        byte[] buffer = new byte[64 << 10];
        await using Stream body = await answer.Response.Content.ReadAsStreamAsync(cancellationToken);
        while (await http.ReadAsync(body, buffer, cancellationToken) is > 0 and int count)
        {
            if (page.Length + count > MostPageBytes) throw new FailureException($"{reference.Repository}: a page of its listing has no end.");
            page.Write(buffer, 0, count);
        }

        try
        {
            return JsonSerializer.Deserialize(page.GetBuffer().AsSpan(0, (int)page.Length), HubJson.Default.ListHubTreeEntry) ?? [];
        }
        catch (JsonException)
        {
            throw new FailureException($"{endpoint.Url} answers with no listing of {reference.Repository}: is it a hub?");
        }
    }

    private Uri? NextPage(HttpResponseMessage response, Uri current)
    {
        if (!response.Headers.TryGetValues("Link", out IEnumerable<string>? links)) return null;
        Match next = NextLink().Match(string.Join(", ", links));
        if (!next.Success) return null;
        if (!Uri.TryCreate(current, next.Groups[1].Value, out Uri? url) || !endpoint.Owns(url)) throw new FailureException($"{endpoint.Url}: the listing goes on elsewhere, which is not followed.");
        return url;
    }

    private void Check(HubAnswer answer, HubReference reference, HubFile? file)
    {
        HttpResponseMessage response = answer.Response;
        int status = (int)response.StatusCode;
        string what = file is null ? reference.Repository : $"{reference.Repository}: {file.Name}";
        string code = response.Headers.TryGetValues("X-Error-Code", out IEnumerable<string>? codes) ? codes.First() : "";
        switch (status)
        {
            case 200 or 206:
                return;
            // Where large files lie, an address is good for a while only: the hub gives another.
            case 401 or 403 when !answer.IsHub:
                throw new HubTransientException($"{what}: the address that the hub gave for it is refused ({status})");
            case 401 or 403 when code == "GatedRepo":
                throw new FailureException($"{what}: it is gated: accept its terms on {endpoint.Url}/{reference.Repository}, and set HF_TOKEN to a key that may read it.", ExitCodes.Denied);
            case 401 or 403:
                throw new FailureException(endpoint.Token is null
                    ? $"{what}: there is no such repository, or it wants a key: look at its name, or set HF_TOKEN."
                    : $"{what}: there is no such repository, or HF_TOKEN may not read it ({status}).", ExitCodes.Denied);
            case 404:
                throw new FailureException(
                    code == "RevisionNotFound" ? $"{reference.Repository}: it has no revision '{reference.Revision}'."
                    : file is null ? $"{endpoint.Url} has no repository '{reference.Repository}'."
                    : $"{what}: the hub lists it and has it not.", ExitCodes.Usage);
            case 408 or 429 or >= 500:
                throw new HubTransientException(status == 429 ? $"{response.RequestMessage?.RequestUri?.Host} has had too many requests" : $"{response.RequestMessage?.RequestUri?.Host} answers {status}", RetryAfter(response));
            default:
                throw new FailureException($"{what}: the hub answers {status}.");
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        TimeSpan? wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null;
        return wait is { } asked && asked < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    [GeneratedRegex("""<([^<>]{1,2000})>\s*;[^,<]*\brel="?next"?""")]
    private static partial Regex NextLink();
}
