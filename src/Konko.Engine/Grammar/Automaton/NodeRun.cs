namespace Konko.Engine.Grammar.Automaton;

/// <summary>Characters that lead from a node to one other, whatever stack it stands on; read off the nodes, without any state.</summary>
internal sealed class NodeRun
{
    /// <summary>As far as runs are followed; longer tokens are rare.</summary>
    private const int Most = 24;

    private static readonly NodeRun s_none = new();

    private readonly GrammarNode? _next;
    private int _length;

    private NodeRun()
    {
    }

    private NodeRun(GrammarNode next, ulong categories)
    {
        _next = next;
        Categories = categories;
    }

    /// <summary>The characters, as <see cref="ByteCategories"/>; 0 for none.</summary>
    public ulong Categories { get; }

    /// <summary>Whether the rule may end after each of them; else it does after none.</summary>
    public bool IsEnding => _next is not null && MayEnd(_next);

    /// <summary>Whether each of them ends the rule, with nothing left of it.</summary>
    public bool IsLast => _next is { IsEnd: true };

    /// <summary>How many of them may follow each other at least.</summary>
    public int Length => _length != 0 ? _length : _length = Follow();

    /// <summary>The run of a node.</summary>
    public static NodeRun Of(GrammarNode node) => node.Run ??= Make(node);

    private static bool MayEnd(GrammarNode node) => node.IsAccepting || node.Epsilons.Exists(static beside => beside.IsAccepting);

    /// <summary>A node of which one sees at once what follows it within its rule.</summary>
    private static bool IsClear(GrammarNode node) =>
        IsPlain(node) && node.Epsilons.TrueForAll(static beside => IsPlain(beside) && beside.Epsilons.Count == 0);

    private static bool IsPlain(GrammarNode node) => node.Calls.Count == 0 && node.Repetition is null;

    private int Follow()
    {
        if (_next is null) return 0;
        GrammarNode at = _next;
        int length = 1;
        for (; length < Most; length++)
        {
            NodeRun run = Of(at);
            if (run._next is null || (Categories & ~run.Categories) != 0 || run.IsEnding != IsEnding) return length;
            if (ReferenceEquals(run._next, at)) return int.MaxValue;
            at = run._next;
        }

        return length;
    }

    private static NodeRun Make(GrammarNode node)
    {
        if (!IsClear(node)) return s_none;
        foreach (byte probe in "zZ5 0aA-"u8)
        {
            GrammarNode? next = null;
            foreach (ByteEdge edge in node.Edges)
            {
                if (probe >= edge.Low && probe <= edge.High) next = edge.Target;
            }

            if (next is null || !IsClear(next)) continue;
            ulong categories = Categorise(node, next);
            if (categories != 0) return new NodeRun(next, categories);
        }

        return s_none;
    }

    /// <summary>The categories of which every character leads to a node and nowhere else.</summary>
    private static ulong Categorise(GrammarNode node, GrammarNode next)
    {
        var leading = new ByteSet();
        var others = new ByteSet();
        foreach (ByteEdge edge in node.Edges)
        {
            if (edge.Target == next) leading.Add(edge.Low, Math.Min(edge.High, (byte)0x7F));
            else others.Add(edge.Low, Math.Min(edge.High, (byte)0x7F));
            if (edge.High >= 0x80) AddCharacters(edge, next, ref leading, ref others);
        }

        foreach (GrammarNode beside in node.Epsilons)
        {
            foreach (ByteEdge edge in beside.Edges) others.Add(edge.Low, edge.High);
        }

        return ByteCategories.Whole(leading.Except(others));
    }

    /// <summary>The first bytes of characters beyond ASCII.</summary>
    private static void AddCharacters(ByteEdge edge, GrammarNode next, ref ByteSet leading, ref ByteSet others)
    {
        Utf8Lead? known = null;
        for (int value = Math.Max(edge.Low, (byte)0xC2); value <= Math.Min(edge.High, (byte)0xF4); value++)
        {
            Utf8Lead lead = Utf8Lead.Of((byte)value)!.Value;
            if (lead == known || Completes(edge.Target, lead, next))
            {
                known = lead;
                leading.Add(value, value);
            }
            else
            {
                others.Add(value, value);
            }
        }
    }

    private static bool Completes(GrammarNode tail, Utf8Lead lead, GrammarNode next)
    {
        if (!IsPlain(tail) || tail.IsAccepting || tail.Epsilons.Count > 0) return false;
        int free = lead.Low;
        foreach (ByteEdge edge in tail.Edges)
        {
            // They stand in order; where they do not, nothing is claimed.
            if (edge.Low != free) return false;
            if (lead.Left == 1 ? edge.Target != next : !Completes(edge.Target, lead.Next, next)) return false;
            free = edge.High + 1;
        }

        return free > lead.High;
    }
}
