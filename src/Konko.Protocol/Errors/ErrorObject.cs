namespace Konko.Protocol.Errors;

/// <summary>What went wrong, in OpenAI's shape; nulls are written.</summary>
public sealed record ErrorObject
{
    /// <summary>Plain words for a person.</summary>
    public required string Message { get; init; }

    /// <summary>The family of the error: <c>invalid_request_error</c>, <c>server_error</c> and the like.</summary>
    public required string Type { get; init; }

    /// <summary>The parameter at fault, or null.</summary>
    public string? Param { get; init; }

    /// <summary>A word for programs, or null; never a number.</summary>
    public string? Code { get; init; }
}
