using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Konko.Protocol.Chat;
using Konko.Protocol.Completions;
using Konko.Protocol.Embeddings;
using Konko.Protocol.Errors;
using Konko.Protocol.Models;
using Konko.Protocol.Responses;
using Konko.Protocol.Tokens;

namespace Konko.Protocol;

/// <summary>Source-generated serialisation of everything that goes over the wire.</summary>
/// <remarks>Keys are written in the order of the records' properties, as <c>snake_case</c>, nulls included.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(CompletionChunk))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(ResponseObject))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(TokenizeResult))]
[JsonSerializable(typeof(DetokenizeResult))]
public sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>How the wire's JSON is written: compact, and only what JSON itself demands is escaped.</summary>
    /// <remarks>The records cannot make invalid JSON, so the writer need not check.</remarks>
    public static JsonWriterOptions Writer { get; } = new() { Encoder = WireEncoder.Instance, SkipValidation = true };

    /// <summary>A value as the wire has it.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="type">How it is serialised.</param>
    public static byte[] ToUtf8Bytes<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Writer)) JsonSerializer.Serialize(json, value, type);
        return buffer.WrittenSpan.ToArray();
    }
}
