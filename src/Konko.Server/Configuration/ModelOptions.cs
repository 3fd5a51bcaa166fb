using Konko.Server.Models;

namespace Konko.Server.Configuration;

/// <summary>One model file to serve.</summary>
public sealed record ModelOptions
{
    /// <summary>The GGUF file.</summary>
    public required string Path { get; init; }

    /// <summary>The id to serve it by; null takes the catalogue's for a known file, else the file's name.</summary>
    public string? Id { get; init; }

    /// <summary>Further names of this model.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>When it is loaded; null is as <see cref="KonkoOptions.Load"/> has it.</summary>
    public ModelLoad? Load { get; init; }

    /// <summary>After how long without requests it is unloaded; null is as <see cref="KonkoOptions.UnloadAfter"/> has it.</summary>
    public TimeSpan? UnloadAfter { get; init; }

    /// <summary>A Jinja file that takes the place of the model's chat template; null keeps that.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Fields of the model's row that replace what the catalogue and the file say.</summary>
    public ModelMetadata Metadata { get; init; } = new();
}
