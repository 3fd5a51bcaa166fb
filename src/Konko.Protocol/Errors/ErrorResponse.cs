using System.Text.Json.Serialization;

namespace Konko.Protocol.Errors;

/// <summary>The body of every failed call, and the data of an event that ends a broken stream.</summary>
public sealed record ErrorResponse
{
    /// <summary>What went wrong.</summary>
    [JsonPropertyName("error")]
    public required ErrorObject Error { get; init; }
}

/// <summary>What went wrong, in OpenAI's shape; nulls are written.</summary>
public sealed record ErrorObject
{
    /// <summary>Plain words for a person.</summary>
    [JsonPropertyName("message"), JsonPropertyOrder(0)]
    public required string Message { get; init; }

    /// <summary>The family of the error: <c>invalid_request_error</c>, <c>server_error</c> and the like.</summary>
    [JsonPropertyName("type"), JsonPropertyOrder(1)]
    public required string Type { get; init; }

    /// <summary>The parameter at fault, or null.</summary>
    [JsonPropertyName("param"), JsonPropertyOrder(2)]
    public string? Param { get; init; }

    /// <summary>A word for programs, or null; never a number.</summary>
    [JsonPropertyName("code"), JsonPropertyOrder(3)]
    public string? Code { get; init; }
}
