using System.Text.Json;
using Konko.Json;

namespace Konko.Streaming;

/// <summary>Makes chunks of the data of events.</summary>
/// <typeparam name="T">Type of the chunks.</typeparam>
internal abstract class ChunkParser<T> where T : class
{
    /// <summary>The chunk.</summary>
    /// <exception cref="JsonException">The data is no JSON of a chunk.</exception>
    public abstract T Parse(ReadOnlySpan<byte> data);

    /// <summary>A parser by the source-generated reader.</summary>
    public static ChunkParser<T> Generated() => new GeneratedParser();

    private sealed class GeneratedParser : ChunkParser<T>
    {
        public override T Parse(ReadOnlySpan<byte> data) => JsonSerializer.Deserialize(data, SdkJson.Of<T>()) ?? throw new JsonException("It is null.");
    }
}
