namespace Konko.Engine.Grammar.Automaton;

/// <summary>A counted repetition: its count stands on the stack, so that ten thousand repetitions need no more nodes than two.</summary>
internal sealed class Repetition
{
    /// <summary>No most.</summary>
    public const int Unbounded = int.MaxValue;

    /// <summary>The first of them.</summary>
    public required GrammarRule First { get; init; }

    /// <summary>Each further one.</summary>
    public required GrammarRule Then { get; init; }

    /// <summary>The least count.</summary>
    public required int Min { get; init; }

    /// <summary>The greatest count, or <see cref="Unbounded"/>.</summary>
    public required int Max { get; set; }

    /// <summary>Where it goes on.</summary>
    public required GrammarNode Exit { get; init; }

    /// <summary>Each one is a character of a JSON string and the closing quote follows: masks know how to count those.</summary>
    public bool IsCharacters { get; init; }

    /// <summary>The rule of the repetition after <paramref name="count"/> others, or null.</summary>
    public GrammarRule? Next(int count) => count >= Max ? null : count == 0 ? First : Then;

    /// <summary>The count after one more; those that make no difference are one.</summary>
    public int After(int count) => Max == Unbounded ? Math.Min(count + 1, Math.Max(Min, 1)) : count + 1;

    /// <summary>Fewest bytes to the end of the rule after <paramref name="count"/> repetitions.</summary>
    public int Distance(int count)
    {
        long rest = Exit.Distance;
        if (rest == int.MaxValue) return int.MaxValue;
        int missing = Min - count;
        if (missing > 0 && count == 0)
        {
            rest += First.Start.Distance;
            missing--;
        }

        if (missing > 0) rest += (long)missing * Then.Start.Distance;
        return (int)Math.Min(rest, int.MaxValue);
    }
}
