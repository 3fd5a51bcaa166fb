namespace Konko.Server.Hosting;

/// <summary>The server cannot listen where it should; the message says why in plain words.</summary>
public sealed class ListenException : Exception
{
    /// <summary>With the reason.</summary>
    /// <param name="message">Plain words.</param>
    /// <param name="innerException">What the machine said.</param>
    public ListenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
