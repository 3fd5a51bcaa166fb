using System.Text.Json.Serialization;

namespace Konko.Server.Streams;

/// <summary>The lines of a stream's file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StreamRecord))]
[JsonSerializable(typeof(StreamNote))]
internal sealed partial class StreamsJsonContext : JsonSerializerContext;
