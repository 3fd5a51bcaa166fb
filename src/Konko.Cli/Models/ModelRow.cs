using Konko.Engine;
using Konko.Engine.Gguf;

namespace Konko.Cli.Models;

/// <summary>What is known of a model; what is not is null.</summary>
internal sealed record ModelRow
{
    /// <summary>The id that it is served by.</summary>
    public required string Id { get; init; }

    /// <summary>Such as <c>llama</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>The type of most of its weights, such as <c>Q4_1</c>.</summary>
    public string? Quantization { get; init; }

    /// <summary>Most tokens of a prompt and its answer.</summary>
    public long? ContextLength { get; init; }

    /// <summary>Number of weights.</summary>
    public long? Parameters { get; init; }

    /// <summary>Size of its files.</summary>
    public long? Bytes { get; init; }

    /// <summary>The licence's name.</summary>
    public string? License { get; init; }

    /// <summary>Whether its file has a chat template.</summary>
    public bool? ChatTemplate { get; init; }

    /// <summary>Whether it makes embeddings and no text.</summary>
    public bool? IsEmbedding { get; init; }

    /// <summary>What it is, in a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>Of a server's: <c>unloaded</c>, <c>loading</c>, <c>loaded</c> or <c>failed</c>.</summary>
    public string? State { get; init; }

    /// <summary>Its file, the first of a split model.</summary>
    public string? File { get; init; }

    /// <summary>Why it cannot be run.</summary>
    public string? Problem { get; init; }

    /// <summary>A row of a server's list.</summary>
    public static ModelRow Of(Model model) => new()
    {
        Id = model.Id,
        Quantization = model.Quantization,
        ContextLength = model.MaxContextLength,
        Parameters = model.Parameters,
        License = model.LicenseName,
        IsEmbedding = model.IsEmbedding,
        Description = model.Description,
        State = model.State,
    };

    /// <summary>A file here: its header is read.</summary>
    public static ModelRow Of(string id, string path)
    {
        try
        {
            return Of(id, path, ModelOutline.Read(path));
        }
        catch (Exception exception) when (exception is GgufException or IOException or UnauthorizedAccessException)
        {
            return new ModelRow { Id = id, File = path, Problem = exception.Message };
        }
    }

    /// <summary>A file of which the header was read.</summary>
    public static ModelRow Of(string id, string path, ModelOutline outline) => new()
    {
        Id = id,
        Architecture = outline.Card.Architecture,
        Quantization = outline.Card.Quantization?.ToString(),
        ContextLength = outline.Card.ContextLength,
        Parameters = outline.Card.ParameterCount,
        Bytes = outline.Card.FileBytes,
        License = outline.Card.License,
        ChatTemplate = outline.ChatTemplate is not null,
        IsEmbedding = outline.IsEncoder,
        Description = outline.Card.Description,
        File = path,
    };
}
