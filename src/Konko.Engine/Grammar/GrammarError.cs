namespace Konko.Engine.Grammar;

/// <summary>Why a grammar was refused.</summary>
public enum GrammarError
{
    /// <summary>The source does not follow its own syntax: a keyword of the wrong type, an unbalanced group, an unknown rule.</summary>
    Invalid,

    /// <summary>An assertion that is understood and cannot be enforced while tokens are drawn.</summary>
    Unenforceable,

    /// <summary>Nothing can satisfy it.</summary>
    Unsatisfiable,

    /// <summary>It needs more states or work than one grammar may have.</summary>
    TooLarge,
}
