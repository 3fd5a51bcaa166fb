using System.Buffers;
using System.Text;
using System.Text.Json;
using Konko.Protocol;

namespace Konko.Server.Streams;

/// <summary>The part of a request's body that is kept.</summary>
internal static class StreamBody
{
    /// <summary>The body without any key that an old SDK leaks into it.</summary>
    /// <param name="body">The body, an object.</param>
    public static string Of(JsonElement body)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Writer))
        {
            json.WriteStartObject();
            foreach (JsonProperty property in body.EnumerateObject())
                if (!IsKey(property.Name)) property.WriteTo(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool IsKey(string name)
        => name.EndsWith("api_key", StringComparison.OrdinalIgnoreCase) || name.EndsWith("apikey", StringComparison.OrdinalIgnoreCase)
            || name.Contains("authorization", StringComparison.OrdinalIgnoreCase) || name.EndsWith("headers", StringComparison.OrdinalIgnoreCase);
}
