using System.Text.Json.Serialization;
using Konko.Protocol.Errors;
using Konko.Protocol.Models;

namespace Konko.Protocol;

/// <summary>Source-generated serialisation of everything that goes over the wire.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(ModelList))]
public sealed partial class WireJson : JsonSerializerContext;
