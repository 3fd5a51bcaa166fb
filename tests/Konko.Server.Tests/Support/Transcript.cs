using System.Text;
using Konko.Server.Providers;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Server.Tests.Support;

/// <summary>Writes down what goes over the wire: the request, the stream, the whole answer.</summary>
internal static class Transcript
{
    /// <summary>Compares the answers to a request, streamed and whole, with what is written down under a name.</summary>
    public static async Task VerifyAsync(string name, IProvider provider, string path, string members, params (string Name, string Value)[] headers)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2024, 1, 10, 12, 0, 0, TimeSpan.Zero));
        await using ApiHost host = await ApiHost.StartAsync(provider, time: time);
        var transcript = new StringBuilder();
        await AppendAsync(transcript, host, path, $$"""{"model":"{{ApiHost.Model}}","seed":42,{{members.Trim()}},"stream":true}""", headers);
        string whole = members.Replace(""","stream_options":{"include_usage":true}""", "", StringComparison.Ordinal);
        await AppendAsync(transcript, host, path, $$"""{"model":"{{ApiHost.Model}}","seed":42,{{whole.Trim()}}}""", headers);
        Golden.Verify(transcript.ToString(), name);
    }

    private static async Task AppendAsync(StringBuilder transcript, ApiHost host, string path, string body, (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await host.PostAsync(path, body, headers);
        transcript.Append("POST ").AppendLine(path);
        foreach ((string name, string value) in headers) transcript.Append(name).Append(": ").AppendLine(value);
        transcript.AppendLine().AppendLine(body).AppendLine();
        transcript.Append("HTTP ").Append((int)response.StatusCode).AppendLine();
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers).OrderBy(h => h.Key, StringComparer.Ordinal))
            if (name is not ("Date" or "Server" or "Transfer-Encoding" or "Content-Length")) transcript.Append(name).Append(": ").AppendLine(string.Join(", ", values));
        transcript.AppendLine().Append(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).AppendLine().AppendLine();
    }
}
