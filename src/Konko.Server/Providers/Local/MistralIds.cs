using System.Text.Json;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Providers.Local;

/// <summary>Gives calls that another model made ids that Mistral's templates do not refuse.</summary>
internal static class MistralIds
{
    /// <summary>The calls, with every id such as it must be.</summary>
    /// <param name="calls">A list of calls.</param>
    public static JsonElement Of(JsonElement calls)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (JsonElement call in calls.EnumerateArray())
            {
                json.WriteStartObject();
                foreach (JsonProperty member in call.EnumerateObject())
                {
                    if (member is { Name: "id", Value.ValueKind: JsonValueKind.String }) json.WriteString("id", ToolCallId.ForMistral(member.Value.GetString()!));
                    else member.WriteTo(json);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        using JsonDocument document = JsonDocument.Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length));
        return document.RootElement.Clone();
    }
}
