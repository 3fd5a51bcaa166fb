namespace Konko.Engine.Grammar.Text;

/// <summary>
/// States of a language that only count: characters of one set lead from each to the next, and whatever else is possible is
/// the same after the least number of them. Expressions with long counts, and lengths beside them, are made of such.
/// </summary>
/// <param name="Start">The first state.</param>
/// <param name="Last">The last, which has all that is possible besides.</param>
/// <param name="Characters">The set.</param>
/// <param name="Min">Fewest characters before anything else is possible.</param>
/// <param name="Max">Most characters; <see cref="int.MaxValue"/> where there is no most.</param>
/// <param name="States">All states, the first and the last among them.</param>
internal sealed record CharacterChain(int Start, int Last, CodePointSet Characters, int Min, int Max, IReadOnlyList<int> States);
