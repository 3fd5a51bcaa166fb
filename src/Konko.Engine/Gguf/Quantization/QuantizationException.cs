namespace Konko.Engine.Gguf.Quantization;

/// <summary>A result that cannot be written where it was asked for. The message says where and why.</summary>
public sealed class QuantizationException : Exception
{
    /// <summary>A place that is refused.</summary>
    /// <param name="message">What is wrong and where, as one sentence for the user.</param>
    public QuantizationException(string message) : base(message)
    {
    }

    /// <summary>A place that could not be written to.</summary>
    /// <param name="message">What is wrong and where, as one sentence for the user.</param>
    /// <param name="inner">The failure underneath.</param>
    public QuantizationException(string message, Exception inner) : base(message, inner)
    {
    }
}
