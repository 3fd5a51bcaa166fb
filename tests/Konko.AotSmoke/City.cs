using System.Text.Json.Serialization;

namespace Konko.AotSmoke;

/// <summary>A value that a model is asked for.</summary>
internal sealed record City(string Name, int People);

/// <summary>Its serialisation.</summary>
[JsonSerializable(typeof(City))]
internal sealed partial class CityJson : JsonSerializerContext;
