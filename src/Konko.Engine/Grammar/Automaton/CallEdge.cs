namespace Konko.Engine.Grammar.Automaton;

/// <summary>A step by a whole rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Return">Where it comes back to.</param>
internal readonly record struct CallEdge(GrammarRule Rule, GrammarNode Return);
