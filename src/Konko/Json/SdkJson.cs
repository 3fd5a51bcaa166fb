using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Konko.Protocol;

namespace Konko.Json;

/// <summary>Source-generated serialisation of what the client sends and receives.</summary>
/// <remarks>
/// Nothing is required of what is received: other servers of the same API leave out what Konko's always write.
/// </remarks>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(CompletionRequest))]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(CompletionChunk))]
[JsonSerializable(typeof(EmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingAnswer))]
[JsonSerializable(typeof(ModelPage))]
[JsonSerializable(typeof(Model))]
[JsonSerializable(typeof(TokenizeRequest))]
[JsonSerializable(typeof(Tokenization))]
[JsonSerializable(typeof(DetokenizeRequest))]
[JsonSerializable(typeof(Detokenization))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class SdkJson : JsonSerializerContext
{
    // Made at its first use: the generated part has static fields of its own, whose order to this one is nobody's promise.
    private static JsonSerializerOptions Lenient => field ??= new(Default.Options)
    {
        Encoder = WireEncoder.Instance,
        TypeInfoResolver = Default.WithAddedModifier(static type =>
        {
            foreach (JsonPropertyInfo property in type.Properties) property.IsRequired = false;
        }),
    };

    /// <summary>How a type is read and written.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Lenient.GetTypeInfo(typeof(T));

    /// <summary>A value as JSON, for printing.</summary>
    public static JsonElement? Element<T>(T? value) where T : class => value is null ? null : JsonSerializer.SerializeToElement(value, Of<T>());

    /// <summary>A request's body. Extra fields stand above those of the same name.</summary>
    public static ReadOnlyMemory<byte> Body<T>(T request, JsonObject? extra = null)
    {
        if (extra is null) return JsonSerializer.SerializeToUtf8Bytes(request, Of<T>());
        JsonObject body = JsonSerializer.SerializeToNode(request, Of<T>())!.AsObject();
        foreach ((string name, JsonNode? value) in extra) body[name] = value?.DeepClone();
        return JsonSerializer.SerializeToUtf8Bytes(body, Of<JsonObject>());
    }

    /// <summary>What an answer says.</summary>
    /// <exception cref="KonkoConnectionException">It is no JSON of the expected shape.</exception>
    public static T Read<T>(RawResponse response)
    {
        try
        {
            return JsonSerializer.Deserialize(response.Body.Span, Of<T>()) ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new KonkoConnectionException($"The answer is no JSON of a {typeof(T).Name}: {exception.Message}", exception) { Status = response.Status, RequestId = response.RequestId };
        }
    }
}
