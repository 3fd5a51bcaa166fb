using System.Diagnostics.CodeAnalysis;

namespace Konko.Engine.Sampling;

/// <summary>The logits leave no token to draw; the generation cannot go on.</summary>
public sealed class NonFiniteLogitsException : Exception
{
    /// <summary>An exception with the usual words.</summary>
    public NonFiniteLogitsException() : this("The model produced no finite logits.")
    {
    }

    /// <summary>An exception with the given words.</summary>
    /// <param name="message">What is wrong.</param>
    public NonFiniteLogitsException(string message) : base(message)
    {
    }

    /// <summary>An exception with the given words and cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public NonFiniteLogitsException(string message, Exception innerException) : base(message, innerException)
    {
    }

    [DoesNotReturn]
    internal static void Throw() => throw new NonFiniteLogitsException();

    [DoesNotReturn]
    internal static void ThrowNothingAllowed() => throw new NonFiniteLogitsException("No allowed token has a finite logit.");
}
