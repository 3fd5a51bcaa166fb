namespace Konko.Engine.Grammar.Automaton;

/// <summary>A part of a grammar that is entered at one node and left wherever a node accepts.</summary>
/// <param name="name">What messages call it.</param>
internal sealed class GrammarRule(string name)
{
    /// <summary>What messages call it.</summary>
    public string Name { get; } = name;

    /// <summary>Where it is entered.</summary>
    public GrammarNode Start { get; set; } = new();

    /// <summary>Whether no byte at all satisfies it, once the grammar is finished.</summary>
    public bool IsNullable => Start.Distance == 0;
}
