using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Konko.Server.Tests.Support;

/// <summary>A request and its answer, as they stand in a transcript.</summary>
/// <param name="Method">The request's method.</param>
/// <param name="Path">Its path.</param>
/// <param name="Headers">Its headers, those that matter.</param>
/// <param name="Body">Its body; empty where there is none.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="AnswerHeaders">The answer's headers, those that are the same every time.</param>
/// <param name="Answer">The answer's body.</param>
internal sealed partial record Exchange(string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, string Body, int Status, IReadOnlyList<(string Name, string Value)> AnswerHeaders, string Answer)
{
    private static readonly string[] s_changing = ["Date", "Server", "Transfer-Encoding", "Content-Length", "x-request-id", "openai-processing-ms"];

    /// <summary>Sends a request and takes down what comes.</summary>
    public static async Task<Exchange> RecordAsync(HttpClient client, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        foreach ((string name, string value) in headers)
        {
            if (name != "Content-Type") Assert.True(request.Headers.TryAddWithoutValidation(name, value));
            else request.Content!.Headers.ContentType = new(value);
        }

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new Exchange(
            method,
            path,
            headers,
            body ?? "",
            (int)response.StatusCode,
            [.. response.Headers.Concat(response.Content.Headers).Where(header => !s_changing.Contains(header.Key, StringComparer.OrdinalIgnoreCase)).OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => (header.Key, string.Join(", ", header.Value)))],
            await BodyAsync(response));
    }

    /// <summary>The exchanges of a transcript, ids filled in again.</summary>
    public static List<Exchange> Read(string transcript)
    {
        string text = File.ReadAllText(Golden.PathOf(transcript)).Replace("{id}", "a91c0730-161f-4885-aa5f-076da3dfa8c8", StringComparison.Ordinal);
        return [.. Start().Split(text).Where(part => part.Length > 0).Select(Parse)];
    }

    /// <summary>The form that stands in a transcript.</summary>
    public void Append(StringBuilder transcript)
    {
        transcript.Append(Method).Append(' ').Append(Path).Append('\n');
        foreach ((string name, string value) in Headers) transcript.Append(name).Append(": ").Append(value).Append('\n');
        transcript.Append('\n').Append(Body).Append("\n\nHTTP ").Append(Status.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach ((string name, string value) in AnswerHeaders) transcript.Append(name).Append(": ").Append(value).Append('\n');
        transcript.Append('\n').Append(Answer).Append("\n\n");
    }

    // What a broken stream said before it broke is a part of the transcript.
    private static async Task<string> BodyAsync(HttpResponseMessage response)
    {
        var bytes = new MemoryStream();
        string end = "";
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await body.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        }
        catch (HttpIOException)
        {
            end = "(no end)\n";
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + end;
    }

    private static Exchange Parse(string part)
    {
        int status = part.IndexOf("\n\nHTTP ", StringComparison.Ordinal);
        (string head, string body) = Cut(part[..status]);
        (string answerHead, string answer) = Cut(part[(status + "\n\nHTTP ".Length)..]);
        string[] lines = head.Split('\n'), answerLines = answerHead.Split('\n');
        string[] line = lines[0].Split(' ');
        return new Exchange(line[0], line[1], Named(lines), body, int.Parse(answerLines[0], CultureInfo.InvariantCulture), Named(answerLines), answer[..^2]);
    }

    private static (string Head, string Body) Cut(string part)
    {
        int blank = part.IndexOf("\n\n", StringComparison.Ordinal);
        return blank < 0 ? (part.TrimEnd('\n'), "") : (part[..blank], part[(blank + 2)..]);
    }

    private static (string Name, string Value)[] Named(string[] lines)
        => [.. lines.Skip(1).Select(line => line.Split(": ", 2)).Select(pair => (pair[0], pair[1]))];

    [GeneratedRegex("^(?=(?:GET|POST|DELETE|HEAD|PUT|OPTIONS) /)", RegexOptions.Multiline)]
    private static partial Regex Start();
}
