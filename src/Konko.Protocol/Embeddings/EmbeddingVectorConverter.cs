using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Konko.Protocol.Embeddings;

/// <summary>Reads and writes <see cref="EmbeddingVector"/>. Numbers are the shortest that give the same bits back, so both encodings tell the same.</summary>
public sealed class EmbeddingVectorConverter : JsonConverter<EmbeddingVector>
{
    /// <inheritdoc/>
    public override EmbeddingVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return new EmbeddingVector(FromBytes(reader.GetBytesFromBase64()), IsBase64: true);
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("An embedding is a list of numbers or a string of base64.");
        var values = new List<float>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) values.Add(reader.GetSingle());
        return new EmbeddingVector(values.ToArray(), IsBase64: false);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EmbeddingVector value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        if (value.IsBase64)
        {
            writer.WriteBase64StringValue(ToBytes(value.Values.Span));
            return;
        }

        writer.WriteStartArray();
        foreach (float element in value.Values.Span) writer.WriteNumberValue(element);
        writer.WriteEndArray();
    }

    private static float[] FromBytes(byte[] bytes)
    {
        if (bytes.Length % sizeof(float) != 0) throw new JsonException("The base64 of an embedding holds no whole number of elements.");
        var values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return values;
    }

    private static ReadOnlySpan<byte> ToBytes(ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian) return MemoryMarshal.AsBytes(values);
        var bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }
}
