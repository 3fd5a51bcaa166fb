using System.Text.Json;
using System.Text.Json.Serialization;
using Konko.Protocol;

namespace Konko.Cli.Models;

/// <summary>How <c>konko models</c> writes JSON, and what it keeps beside unfinished files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelRow))]
[JsonSerializable(typeof(PulledModel))]
[JsonSerializable(typeof(RemovedModel))]
[JsonSerializable(typeof(PartState))]
internal sealed partial class ModelsJson : JsonSerializerContext
{
    /// <summary>Text as it is, without escapes that only web pages need.</summary>
    public static ModelsJson Plain => field ??= new(new JsonSerializerOptions(Default.Options!) { Encoder = WireEncoder.Instance });
}
