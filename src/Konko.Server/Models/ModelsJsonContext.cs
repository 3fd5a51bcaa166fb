using System.Text.Json.Serialization;
using Konko.Server.Configuration;

namespace Konko.Server.Models;

/// <summary>JSON that people write about models: the catalogue and the entries of a configuration file.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CatalogueFile))]
[JsonSerializable(typeof(ModelEntry))]
internal sealed partial class ModelsJsonContext : JsonSerializerContext;
