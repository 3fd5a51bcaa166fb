namespace Konko.Engine.Grammar.Automaton;

/// <summary>Where a rule comes back to.</summary>
/// <param name="Node">The node in the calling rule.</param>
/// <param name="Count">Repetitions so far, where the node is a counted one.</param>
/// <param name="Below">What stands below.</param>
internal readonly record struct Frame(GrammarNode Node, int Count, StackSet Below);
