namespace Konko.Engine.Grammar.Automaton;

/// <summary>A place within a rule. Leads on by bytes, by calls of other rules, or by nothing at all.</summary>
internal sealed class GrammarNode
{
    private static long s_lastId;

    /// <summary>Orders nodes within a state; says nothing else.</summary>
    public long Id { get; } = Interlocked.Increment(ref s_lastId);

    /// <summary>Where a byte of a range leads; ranges may overlap.</summary>
    public List<ByteEdge> Edges { get; } = [];

    /// <summary>Nodes that are reached without a byte.</summary>
    public List<GrammarNode> Epsilons { get; } = [];

    /// <summary>Rules that may begin here, and where they come back to.</summary>
    public List<CallEdge> Calls { get; } = [];

    /// <summary>A repetition that is counted, or null.</summary>
    public Repetition? Repetition { get; set; }

    /// <summary>Whether its rule may end here.</summary>
    public bool IsAccepting { get; set; }

    /// <summary>Fewest bytes to the end of its rule, once the grammar is finished; <see cref="int.MaxValue"/> where there is no way.</summary>
    public int Distance { get; set; } = int.MaxValue;

    /// <summary>The finished nodes that all grammars share: their part of a mask is computed once for a vocabulary.</summary>
    public bool IsShared { get; set; }

    /// <summary>Which characters lead on from it alike; null until asked for. Whoever asks works out the same.</summary>
    public NodeRun? Run { get; set; }

    /// <summary>Nothing is left of its rule.</summary>
    public bool IsEnd => IsAccepting && Edges.Count == 0 && Epsilons.Count == 0 && Calls.Count == 0 && Repetition is null;

    /// <summary>Fewest bytes to the end of the rule after <paramref name="count"/> repetitions.</summary>
    public int DistanceAfter(int count) => Repetition is { } repetition ? repetition.Distance(count) : Distance;
}
