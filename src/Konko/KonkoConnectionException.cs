namespace Konko;

/// <summary>No answer came: the name is unknown, nobody listens, or the connection broke before the answer was whole.</summary>
public sealed class KonkoConnectionException : KonkoException
{
    internal KonkoConnectionException(string message, Exception? inner) : base(message, inner)
    {
    }
}
