namespace Konko;

/// <summary>What every failure of a call is: one of <see cref="KonkoApiException"/>, <see cref="KonkoConnectionException"/>, <see cref="KonkoTimeoutException"/> and <see cref="KonkoStreamException"/>.</summary>
public abstract class KonkoException : Exception
{
    private protected KonkoException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>The answer's status; null where none came.</summary>
    public int? Status { get; init; }

    /// <summary>The server's word for programs, such as <c>context_length_exceeded</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The server's family of errors, such as <c>invalid_request_error</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The parameter at fault.</summary>
    public string? Param { get; init; }

    /// <summary>The request's id, to be named to whoever runs the server.</summary>
    public string? RequestId { get; init; }
}
