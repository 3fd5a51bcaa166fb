namespace Konko.Engine.Grammar.Automaton;

/// <summary>A step by one byte.</summary>
/// <param name="Low">The least byte.</param>
/// <param name="High">The greatest byte.</param>
/// <param name="Target">Where it leads.</param>
internal readonly record struct ByteEdge(byte Low, byte High, GrammarNode Target);
