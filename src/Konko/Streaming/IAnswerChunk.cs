using System.Text.Json;

namespace Konko.Streaming;

/// <summary>What the reader of a stream needs to know of a chunk.</summary>
internal interface IAnswerChunk
{
    /// <summary>The answer's id, which is the stream's.</summary>
    string Id { get; }

    /// <summary>Fields that are not the chunk's; an error is one.</summary>
    IDictionary<string, JsonElement>? Extra { get; }
}
