namespace Konko.Engine.Grammar.Automaton;

/// <summary>
/// Works out where a text may stand without a further byte: past nodes that need none, and back in the callers of rules
/// that have ended. Rules that may begin beside other steps are entered only for the next step, so that a state is small and
/// its part above the stack is the same whatever stands below.
/// </summary>
/// <param name="automaton">Makes stacks and states unique.</param>
internal sealed class PlaceClosure(PushdownAutomaton automaton)
{
    private readonly Dictionary<(GrammarNode Node, int Count), StackSet> _places = [];
    private readonly Queue<(GrammarNode Node, int Count)> _open = [];
    private bool _accepting;
    private bool _exited;

    public StateSet Enter(GrammarNode node, int count, StackSet stack)
    {
        Clear();
        Add(node, count, stack);
        return Close();
    }

    public StateSet Enter(ReadOnlySpan<(GrammarNode Node, int Count)> nodes, StackSet stack)
    {
        Clear();
        foreach ((GrammarNode node, int count) in nodes) Add(node, count, stack);
        return Close();
    }

    public StateSet Return(StackSet stack)
    {
        Clear();
        Pop(stack);
        return Close();
    }

    public StateSet Step((ByteEdge Edge, StackSet Stack)[] steps, byte value)
    {
        automaton.Spend(steps.Length);
        int taken = -1, count = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            if (value < steps[i].Edge.Low || value > steps[i].Edge.High) continue;
            taken = i;
            count++;
        }

        if (count == 1 && Simple(steps[taken].Edge.Target, steps[taken].Stack) is { } simple) return simple;
        Clear();
        for (int i = 0; count > 0 && i < steps.Length; i++)
        {
            if (value >= steps[i].Edge.Low && value <= steps[i].Edge.High) Add(steps[i].Edge.Target, 0, steps[i].Stack);
        }

        return Close();
    }

    /// <summary>The state of one node that neither ends nor calls anything, as most are; null where it is none such.</summary>
    private StateSet? Simple(GrammarNode node, StackSet stack)
    {
        if (node.IsAccepting || node.Repetition is not null || node.Calls.Count > 0) return null;
        int count = node.Edges.Count > 0 ? 1 : 0;
        foreach (GrammarNode beside in node.Epsilons)
        {
            if (beside.IsAccepting || beside.Repetition is not null || beside.Calls.Count > 0 || beside.Epsilons.Count > 0 || beside == node) return null;
            if (beside.Edges.Count > 0) count++;
        }

        if (count == 0 || count > 1 && node.Epsilons.Count > 1) return null;
        var places = new Place[count];
        if (node.Edges.Count > 0) places[--count] = new Place(node, 0, stack);
        foreach (GrammarNode beside in node.Epsilons)
        {
            if (beside.Edges.Count > 0) places[--count] = new Place(beside, 0, stack);
        }

        if (places.Length == 2 && places[0].Node.Id > places[1].Node.Id) (places[0], places[1]) = (places[1], places[0]);
        return automaton.Intern(new StateSet(places, isAccepting: false, isExited: false));
    }

    public (ByteEdge Edge, StackSet Stack)[] Steps(StateSet state)
    {
        if (Array.TrueForAll(state.Places, static place => place.Node.Repetition is null && place.Node.Calls.Count == 0)) return OwnSteps(state.Places);
        Clear();
        foreach (Place place in state.Places) Add(place.Node, place.Count, place.Stack);
        Follow(enterRules: true);
        var steps = new List<(ByteEdge, StackSet)>();
        foreach (((GrammarNode node, _), StackSet stack) in _places)
        {
            automaton.Spend(node.Edges.Count);
            foreach (ByteEdge edge in node.Edges) steps.Add((edge, stack));
        }

        return [.. steps];
    }

    /// <summary>The steps of places that enter no rules: a state has their neighbours without a byte already.</summary>
    private (ByteEdge Edge, StackSet Stack)[] OwnSteps(Place[] places)
    {
        int count = 0;
        foreach (Place place in places) count += place.Node.Edges.Count;
        automaton.Spend(count);
        var steps = new (ByteEdge, StackSet)[count];
        foreach (Place place in places)
        {
            foreach (ByteEdge edge in place.Node.Edges) steps[--count] = (edge, place.Stack);
        }

        return steps;
    }

    private void Clear()
    {
        _places.Clear();
        _open.Clear();
        _accepting = _exited = false;
    }

    private StateSet Close()
    {
        Follow(enterRules: false);
        var places = new List<Place>(_places.Count);
        foreach (((GrammarNode node, int count), StackSet stack) in _places)
        {
            if (node.Edges.Count > 0 || node.Calls.Count > 0 && !IsCallOnly(node) || node.Repetition?.Next(count) is not null) places.Add(new Place(node, count, stack));
        }

        places.Sort(static (a, b) => a.Node.Id != b.Node.Id ? a.Node.Id.CompareTo(b.Node.Id) : a.Count.CompareTo(b.Count));
        return automaton.Intern(new StateSet([.. places], _accepting, _exited));
    }

    private void Follow(bool enterRules)
    {
        while (_open.TryDequeue(out (GrammarNode Node, int Count) key))
        {
            automaton.Spend(1);
            GrammarNode node = key.Node;
            StackSet stack = _places[key];
            foreach (GrammarNode target in node.Epsilons) Add(target, 0, stack);
            if (node.IsAccepting) Pop(stack);
            foreach (CallEdge call in node.Calls)
            {
                if (call.Rule.IsNullable) Add(call.Return, 0, stack);
                if (enterRules || IsCallOnly(node)) Add(call.Rule.Start, 0, automaton.Push(call.Return, 0, stack));
            }

            if (node.Repetition is not { } repetition) continue;
            if (key.Count >= repetition.Min) Add(repetition.Exit, 0, stack);
            if (repetition.Next(key.Count) is not { } next) continue;
            int after = repetition.After(key.Count);
            if (next.IsNullable) Add(node, after, stack);
            if (enterRules) Add(next.Start, 0, automaton.Push(node, after, stack));
        }
    }

    /// <summary>Such a node has nothing of its own: the places in the rules that it calls are shared by all who call them.</summary>
    private static bool IsCallOnly(GrammarNode node) => node.Edges.Count == 0 && node.Calls.Count > 0 && node.Repetition is null;

    private void Pop(StackSet stack)
    {
        _accepting |= stack.HasBottom;
        _exited |= stack.HasHole;
        foreach (Frame frame in stack.Frames) Add(frame.Node, frame.Count, frame.Below);
    }

    private void Add(GrammarNode node, int count, StackSet stack)
    {
        var key = (node, count);
        if (_places.TryGetValue(key, out StackSet? known))
        {
            StackSet both = automaton.Union(known, stack);
            if (ReferenceEquals(both, known)) return;
            stack = both;
        }

        _places[key] = stack;
        _open.Enqueue(key);
    }
}
