using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Konko.Cli.Chat;
using Konko.Protocol;

namespace Konko.Cli;

/// <summary>JSON that the commands write and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(SavedChat))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(CompletionChunk))]
internal sealed partial class CliJson : JsonSerializerContext
{
    // Made at their first use: the generated part has static fields of its own, whose order to these is nobody's promise.

    /// <summary>Text as it is, without escapes that only web pages need: what is written goes to people and pipes.</summary>
    public static CliJson Plain => field ??= new(new JsonSerializerOptions(Default.Options!) { Encoder = WireEncoder.Instance });

    /// <summary>The same over several lines.</summary>
    public static CliJson Pretty => field ??= new(new JsonSerializerOptions(Default.Options!) { Encoder = WireEncoder.Instance, WriteIndented = true });
}
