using Konko.Engine.Sampling;

namespace Konko.Engine.Scheduling;

/// <summary>One token to be drawn from a step's logits.</summary>
internal struct Draw
{
    /// <summary>The choice that it is drawn for.</summary>
    public required SequenceState Sequence;

    /// <summary>The sequence in the step whose last logits it is drawn from: the same, or the choice's lead.</summary>
    public required SequenceState Source;

    /// <summary>The draw, once made.</summary>
    public SampledToken Token;

    /// <summary>What was thrown instead.</summary>
    public Exception? Error;
}
