namespace Konko.Engine.Scheduling;

/// <summary>
/// The tokens to be drawn for one choice from a step's logits: one, one more for every drafted token that was right, and
/// those that a grammar forces after them.
/// </summary>
internal struct Draw
{
    /// <summary>The choice that they are drawn for.</summary>
    public required SequenceState Sequence;

    /// <summary>The sequence in the step whose last logits they are drawn from: the same, or the choice's lead.</summary>
    public required SequenceState Source;

    /// <summary>Where the drawn tokens start among those of the step.</summary>
    public int First;

    /// <summary>How many there are.</summary>
    public int Count;

    /// <summary>How many of them, at the end, were not drawn but forced.</summary>
    public int Forced;

    /// <summary>What was thrown at the token after them.</summary>
    public Exception? Error;
}
