using System.Text.Json;

namespace Konko.Tests.Support;

/// <summary>A request as it reached the upstream.</summary>
internal sealed record Sent(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body, DateTimeOffset At)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string? Header(string name) => Headers.TryGetValue(name, out string? value) ? value : null;
}
