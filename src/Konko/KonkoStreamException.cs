namespace Konko;

/// <summary>A stream that had begun did not come to its end. What was received until then stands, but is not the whole answer.</summary>
public sealed class KonkoStreamException : KonkoException
{
    internal KonkoStreamException(KonkoStreamFailure failure, string message, Exception? inner = null) : base(message, inner) => Failure = failure;

    /// <summary>What went wrong.</summary>
    public KonkoStreamFailure Failure { get; }
}
