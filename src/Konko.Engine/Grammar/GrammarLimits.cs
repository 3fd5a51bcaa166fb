namespace Konko.Engine.Grammar;

/// <summary>What one grammar may use. Real ones stay far below; a hostile one ends in a clear error.</summary>
internal static class GrammarLimits
{
    /// <summary>Length of a source: an expression, a GBNF text, or a schema, in UTF-16 units.</summary>
    public const int SourceLength = 1 << 18;

    /// <summary>Nesting of a source: groups of an expression, schemas within schemas, references through references.</summary>
    public const int Depth = 64;

    /// <summary>Nodes of the finished automaton.</summary>
    public const int Nodes = 1 << 17;

    /// <summary>Nodes of an expression before it is made deterministic.</summary>
    public const int NfaNodes = 1 << 15;

    /// <summary>States of one deterministic automaton.</summary>
    public const int DfaStates = 1 << 15;

    /// <summary>Cells (states × classes of characters) of one deterministic automaton.</summary>
    public const int DfaCells = 1 << 20;

    /// <summary>Steps of work that all deterministic automata of one grammar may take to make, about a fifth of a second.</summary>
    public const int DfaWork = 1 << 24;

    /// <summary>Alternatives of one value of a schema, after <c>anyOf</c> has been multiplied out.</summary>
    public const int Alternatives = 256;

    /// <summary>Different values (schemas, and schemas that apply together) of one schema.</summary>
    public const int Values = 1 << 12;

    /// <summary>Evaluations of schemas while compiling one.</summary>
    public const int Evaluations = 1 << 15;

    /// <summary>Patterns of property names that apply to one object.</summary>
    public const int PropertyPatterns = 5;

    /// <summary>Properties times the counts that <c>minProperties</c> and <c>maxProperties</c> tell apart.</summary>
    public const int CountedProperties = 1 << 12;

    /// <summary>Steps of the automaton for one mask or token: beyond it the grammar is too ambiguous to follow.</summary>
    public const long StepWork = 2_000_000;

    /// <summary>States that are kept for one grammar; then all are forgotten and made anew as they are met.</summary>
    public const int CachedStates = 1 << 16;

    /// <summary>Depth to which ambiguous nestings are compared.</summary>
    public const int AmbiguousDepth = 2000;
}
