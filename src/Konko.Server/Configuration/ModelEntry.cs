using System.Text.Json;
using Konko.Server.Models;

namespace Konko.Server.Configuration;

/// <summary>A model as <c>konko.json</c> writes it.</summary>
internal sealed record ModelEntry
{
    public string? Path { get; init; }

    public string? Id { get; init; }

    public JsonElement? Alias { get; init; }

    public string? Load { get; init; }

    public string? UnloadAfter { get; init; }

    public string? ChatTemplate { get; init; }

    public ModelMetadata? Metadata { get; init; }
}
