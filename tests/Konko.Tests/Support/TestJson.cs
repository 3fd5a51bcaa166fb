using System.Text.Json.Serialization;

namespace Konko.Tests.Support;

internal sealed record City(string Name, int People);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(City))]
internal sealed partial class TestJson : JsonSerializerContext;
