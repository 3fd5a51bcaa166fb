namespace Konko.Engine.Gguf;

/// <summary>A GGUF file that cannot be used. The message says what is wrong and where: file, key or tensor, byte offset.</summary>
public sealed class GgufException : Exception
{
    /// <summary>A broken or unsupported file.</summary>
    /// <param name="message">What is wrong and where, as one sentence for the user.</param>
    public GgufException(string message) : base(message)
    {
    }

    /// <summary>A file that could not be opened or read.</summary>
    /// <param name="message">What is wrong and where, as one sentence for the user.</param>
    /// <param name="inner">The failure underneath.</param>
    public GgufException(string message, Exception inner) : base(message, inner)
    {
    }
}
