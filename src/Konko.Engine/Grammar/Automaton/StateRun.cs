namespace Konko.Engine.Grammar.Automaton;

/// <summary>
/// Characters that lead on from a state alike, so that a whole subtree of the vocabulary that has no others is known to be
/// allowed without being walked.
/// </summary>
/// <param name="Categories">The characters, as <see cref="ByteCategories"/>.</param>
/// <param name="Length">How many of them may follow each other at least.</param>
/// <param name="IsUniform">Whether the state after one of them stands for that after several, as long as these are no more than <paramref name="Length"/>.</param>
/// <param name="IsExited">Whether the text may have exited after each of them; else it has after none.</param>
internal sealed record StateRun(ulong Categories, int Length, bool IsExited, bool IsUniform)
{
    /// <summary>Nothing is known.</summary>
    public static StateRun None { get; } = new(0, 0, false, false);

    /// <summary>One of the characters; null where none of them is a byte.</summary>
    public byte? Probe => ByteCategories.First(Categories);

    /// <summary>Whether everything below a node of the vocabulary is allowed, and the text may have exited everywhere or nowhere.</summary>
    /// <param name="categories">The characters that are below it.</param>
    /// <param name="characters">The most of them in a row.</param>
    public bool Covers(ulong categories, int characters) =>
        (categories & ~Categories) == 0 && characters <= Length;
}
