using System.Net.Http.Headers;
using System.Text.Json;

namespace Konko.Cli.Models;

/// <summary>What an unfinished file is the beginning of: kept beside it, so that a later pull knows whether to go on.</summary>
/// <param name="Sha256">The sum that the whole will have.</param>
/// <param name="Bytes">The size that the whole will have.</param>
/// <param name="Tag">The content's tag where it came from; null where there was none.</param>
internal sealed record PartState(string Sha256, long Bytes, string? Tag)
{
    private const int MostBytes = 4096;
    private const int MostTag = 500;

    /// <summary>The tag as it is sent back; null where there is none that stands for the very bytes.</summary>
    public EntityTagHeaderValue? StrongTag => EntityTagHeaderValue.TryParse(Tag, out EntityTagHeaderValue? tag) && !tag.IsWeak ? tag : null;

    /// <summary>Reads one; null where there is none, or none that can be read.</summary>
    public static PartState? Read(string path)
    {
        try
        {
            return File.Exists(path) && new FileInfo(path).Length <= MostBytes ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ModelsJson.Default.PartState) : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            return null;
        }
    }

    /// <summary>The same with the tag of the content that is coming; kept if it is another.</summary>
    public PartState With(EntityTagHeaderValue? tag, string path)
    {
        if (tag?.ToString() == Tag) return this;
        PartState state = this with { Tag = tag?.ToString() is { Length: <= MostTag } text ? text : null };
        state.Write(path);
        return state;
    }

    /// <summary>Keeps it.</summary>
    public void Write(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, ModelsJson.Default.PartState));
}
