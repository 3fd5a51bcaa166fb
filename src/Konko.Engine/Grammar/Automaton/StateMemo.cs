using Konko.Engine.Grammar.Matching;

namespace Konko.Engine.Grammar.Automaton;

/// <summary>What was worked out for a state over a vocabulary.</summary>
internal sealed class StateMemo
{
    /// <summary>Its mask; null until asked for.</summary>
    public MaskPlan? Plan { get; set; }

    /// <summary>The tokens that must follow; null until asked for.</summary>
    public int[]? Forced { get; set; }
}
