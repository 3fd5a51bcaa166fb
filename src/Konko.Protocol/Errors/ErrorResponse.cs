namespace Konko.Protocol.Errors;

/// <summary>The body of every failed call, and the data of an event that ends a broken stream.</summary>
public sealed record ErrorResponse
{
    /// <summary>What went wrong.</summary>
    public required ErrorObject Error { get; init; }
}
