namespace Konko.Server.Models;

/// <summary>A model could not be loaded; the message names it, its file and the reason.</summary>
public sealed class ModelLoadException : Exception
{
    /// <summary>With the reason.</summary>
    /// <param name="message">Plain words.</param>
    /// <param name="innerException">What was thrown; null where the model was refused.</param>
    public ModelLoadException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
