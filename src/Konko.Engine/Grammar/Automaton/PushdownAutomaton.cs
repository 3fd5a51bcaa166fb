using System.Runtime.CompilerServices;

namespace Konko.Engine.Grammar.Automaton;

/// <summary>
/// Follows a grammar byte by byte. Its states are sets of places with stacks; they and their steps are made when first
/// met and remembered, so that a text that has been seen before costs a table look-up a byte. Not safe for several threads.
/// </summary>
internal sealed class PushdownAutomaton
{
    private static readonly StateSet s_dead = new([], isAccepting: false, isExited: false);

    private readonly byte[] _classes = new byte[256];
    private readonly int _classCount;
    private readonly Dictionary<StackSet, StackSet> _stacks = [];
    private readonly Dictionary<StateSet, StateSet> _states = [];
    private readonly PlaceClosure _closure;
    private readonly RunFinder _runs;
    private int _epoch;
    private long _work;

    /// <param name="root">The rule of the whole, finished.</param>
    /// <param name="nodes">Every node that can be reached; null where others may be entered, so that every byte is a class.</param>
    public PushdownAutomaton(GrammarRule root, IReadOnlyList<GrammarNode>? nodes)
    {
        _classCount = FindClasses(nodes);
        _closure = new PlaceClosure(this);
        _runs = new RunFinder(this);
        Hole = Intern(new StackSet([], hasBottom: false, hasHole: true));
        StackSet bottom = Intern(new StackSet([], hasBottom: true, hasHole: false));
        Start = Enter(root.Start, bottom);
    }

    /// <summary>The state of the empty text.</summary>
    public StateSet Start { get; }

    /// <summary>The stack of which nothing is known.</summary>
    public StackSet Hole { get; }

    /// <summary>Allows the work of another mask or token, and forgets states where there are too many.</summary>
    public void BeginWork()
    {
        _work = 0;
        if (_states.Count <= GrammarLimits.CachedStates && _stacks.Count <= GrammarLimits.CachedStates) return;
        Forget();
    }

    /// <summary>Forgets all states, so that their memory is free when nobody stands in them.</summary>
    public void Forget()
    {
        _states.Clear();
        _stacks.Clear();
        // Or what is interned from now on would never equal it.
        _stacks.Add(Hole, Hole);
        _epoch++;
    }

    /// <summary>Counts work.</summary>
    /// <exception cref="GrammarException">More than one mask or token may take.</exception>
    public void Spend(long steps)
    {
        _work += steps;
        if (_work > GrammarLimits.StepWork) throw GrammarException.TooLarge("grammar", "it is too ambiguous to be followed");
    }

    /// <summary>The state after one more byte; dead where nothing allows it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StateSet Step(StateSet state, byte value)
    {
        int kind = _classes[value];
        if (state.Epoch == _epoch && state.Next is { } known && known[kind] is { } next) return next;
        return Compute(state, value, kind);
    }

    /// <summary>The state of a node entered with a stack, before any byte.</summary>
    public StateSet Enter(GrammarNode node, StackSet stack) => _closure.Enter(node, 0, stack);

    /// <summary>The state of places of one stack.</summary>
    public StateSet Enter(ReadOnlySpan<(GrammarNode Node, int Count)> nodes, StackSet stack) => _closure.Enter(nodes, stack);

    /// <summary>The state in which a rule that stood on the stack has just ended.</summary>
    public StateSet Return(StackSet stack) => _closure.Return(stack);

    /// <summary>What was worked out for a state over a vocabulary.</summary>
    public StateMemo Memo(StateSet state)
    {
        Refresh(state);
        return state.Memo ??= new StateMemo();
    }

    /// <summary>Which characters lead on from a state alike, and how far.</summary>
    public StateRun Run(StateSet state)
    {
        if (state.Run is { } known) return known;
        return state.Run = _runs.Find(state);
    }

    /// <summary>The categories of the bytes that may follow a state.</summary>
    public ulong Beginnings(StateSet state)
    {
        ulong found = 0;
        for (int value = 0; value < 256; value++)
        {
            if (!Step(state, (byte)value).IsDead) found |= ByteCategories.Table[value];
        }

        return found;
    }

    /// <summary>All steps by bytes from a state.</summary>
    public (ByteEdge Edge, StackSet Stack)[] Steps(StateSet state) => state.Steps ??= _closure.Steps(state);

    public StackSet Intern(StackSet stack)
    {
        if (_stacks.TryGetValue(stack, out StackSet? known)) return known;
        _stacks.Add(stack, stack);
        return stack;
    }

    public StateSet Intern(StateSet state)
    {
        if (state.IsDead) return s_dead;
        if (_states.TryGetValue(state, out StateSet? known)) return known;
        state.Epoch = _epoch;
        _states.Add(state, state);
        return state;
    }

    /// <summary>The stack with one more frame.</summary>
    public StackSet Push(GrammarNode back, int count, StackSet below)
        // A frame that would only be popped again is none: recursion at the end of a rule needs no stack.
        => back.IsEnd ? below : Intern(new StackSet([new Frame(back, count, below)], hasBottom: false, hasHole: false));

    /// <summary>The stacks of either set.</summary>
    public StackSet Union(StackSet a, StackSet b, int depth = 0)
    {
        if (ReferenceEquals(a, b)) return a;
        if (depth > GrammarLimits.AmbiguousDepth) throw GrammarException.TooLarge("grammar", "it is too ambiguous to be followed");
        Spend(a.Frames.Length + b.Frames.Length + 1);
        var frames = new List<Frame>(a.Frames.Length + b.Frames.Length);
        int i = 0, j = 0;
        while (i < a.Frames.Length || j < b.Frames.Length)
        {
            int order = i == a.Frames.Length ? 1 : j == b.Frames.Length ? -1 : Compare(a.Frames[i], b.Frames[j]);
            if (order < 0) frames.Add(a.Frames[i++]);
            else if (order > 0) frames.Add(b.Frames[j++]);
            else
            {
                frames.Add(a.Frames[i] with { Below = Union(a.Frames[i].Below, b.Frames[j].Below, depth + 1) });
                i++;
                j++;
            }
        }

        return Intern(new StackSet([.. frames], a.HasBottom || b.HasBottom, a.HasHole || b.HasHole));
    }

    private static int Compare(in Frame a, in Frame b)
    {
        int order = a.Node.Id.CompareTo(b.Node.Id);
        return order != 0 ? order : a.Count.CompareTo(b.Count);
    }

    private StateSet Compute(StateSet state, byte value, int kind)
    {
        if (state.IsDead) return s_dead;
        (ByteEdge Edge, StackSet Stack)[] steps = Steps(state);
        StateSet next = _closure.Step(steps, value);
        Refresh(state);
        state.Next ??= new StateSet?[_classCount];
        state.Next[kind] = next;

        Fill(state.Next, steps, value, next);
        return next;
    }

    /// <summary>Notes a step for the bytes around it too, up to where another edge begins or ends.</summary>
    private void Fill(StateSet?[] all, (ByteEdge Edge, StackSet Stack)[] steps, byte value, StateSet next)
    {
        int low = 0, high = 255;
        foreach ((ByteEdge edge, _) in steps)
        {
            if (edge.High < value) low = Math.Max(low, edge.High + 1);
            else if (edge.Low > value) high = Math.Min(high, edge.Low - 1);
            else (low, high) = (Math.Max(low, edge.Low), Math.Min(high, edge.High));
        }

        for (int kind = _classes[low]; kind <= _classes[high]; kind++) all[kind] = next;
    }

    /// <summary>What a state remembers from before all states were forgotten would keep those alive.</summary>
    private void Refresh(StateSet state)
    {
        if (state.Epoch == _epoch) return;
        state.Next = null;
        state.Memo = null;
        state.Epoch = _epoch;
    }

    /// <summary>Bytes that no edge tells apart are one class.</summary>
    private int FindClasses(IReadOnlyList<GrammarNode>? nodes)
    {
        var borders = new bool[257];
        if (nodes is null) Array.Fill(borders, true);
        foreach (GrammarNode node in nodes ?? [])
        {
            foreach (ByteEdge edge in node.Edges)
            {
                borders[edge.Low] = true;
                borders[edge.High + 1] = true;
            }
        }

        int current = 0;
        for (int value = 0; value < 256; value++)
        {
            if (value > 0 && borders[value]) current++;
            _classes[value] = (byte)current;
        }

        return current + 1;
    }
}
