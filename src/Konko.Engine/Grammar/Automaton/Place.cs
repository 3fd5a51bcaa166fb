namespace Konko.Engine.Grammar.Automaton;

/// <summary>One of the places where a text may stand: a node, and the stacks with which it stands there.</summary>
/// <param name="Node">The node.</param>
/// <param name="Count">Repetitions so far, where the node is a counted one.</param>
/// <param name="Stack">What follows when the node's rule ends.</param>
internal readonly record struct Place(GrammarNode Node, int Count, StackSet Stack);
