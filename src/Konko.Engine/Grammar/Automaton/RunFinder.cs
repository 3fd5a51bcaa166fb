namespace Konko.Engine.Grammar.Automaton;

/// <summary>Finds the runs of states.</summary>
/// <param name="automaton">Whose states they are.</param>
internal sealed class RunFinder(PushdownAutomaton automaton)
{
    /// <summary>The run of a state.</summary>
    public StateRun Find(StateSet state)
    {
        if (state.Places.Length == 0) return StateRun.None;
        StateRun run = Counted(state.Places) ?? Nodes(state) ?? Loop(state);
        // Below characters of several bytes not every node is an exit.
        return run.IsExited ? run with { Categories = run.Categories & ~ByteCategories.Characters } : run;
    }

    /// <summary>Characters that are counted, and what comes after them begins with a byte of its own.</summary>
    private static StateRun? Counted(Place[] places)
    {
        foreach (Place place in places)
        {
            if (place.Node.Repetition is not { } repetition) continue;
            NodeRun run = NodeRun.Of(repetition.Then.Start);
            if (!run.IsLast || repetition.First != repetition.Then || repetition.Exit.IsAccepting || repetition.Exit.Epsilons.Count > 0 || !AreBeside(places, place, [repetition.Exit])) return null;
            return new StateRun(run.Categories, repetition.Max == Repetition.Unbounded ? int.MaxValue : repetition.Max - place.Count, IsExited: false, IsUniform: place.Count + 1 >= repetition.Min);
        }

        return null;
    }

    /// <summary>One node of an expression, and what it leads to without a byte.</summary>
    private StateRun? Nodes(StateSet state)
    {
        Place[] places = state.Places;
        foreach (Place place in places)
        {
            if (place.Node.Calls.Count > 0 || place.Node.Repetition is not null) return null;
            NodeRun run = NodeRun.Of(place.Node);
            if (run.Categories == 0) continue;
            // Where the rule may end, what follows it must be nothing, or unknown.
            if (!AreBeside(places, place, place.Node.Epsilons) || run.IsEnding && place.Stack.Frames.Length > 0) return null;
            return new StateRun(run.Categories, run.Length, run.IsEnding && place.Stack.HasHole, run.Length == int.MaxValue && IsLoop(state, run.Categories));
        }

        return null;
    }

    /// <summary>Whether the state after one of some characters is that after two; they all lead on alike.</summary>
    private bool IsLoop(StateSet state, ulong categories) =>
        ByteCategories.First(categories) is { } probe && automaton.Step(state, probe) is var once && ReferenceEquals(automaton.Step(once, probe), once);

    private static bool AreBeside(Place[] places, Place main, List<GrammarNode> beside) =>
        Array.TrueForAll(places, place => place.Node == main.Node ? place.Count == main.Count : ReferenceEquals(place.Stack, main.Stack) && beside.Contains(place.Node));

    /// <summary>Characters that lead to a state which each of them leads back to; they have to be tried.</summary>
    private StateRun Loop(StateSet state)
    {
        foreach (byte probe in "zZ5 "u8)
        {
            StateSet loop = automaton.Step(state, probe);
            if (loop.Places.Length == 0 || !ReferenceEquals(automaton.Step(loop, probe), loop)) continue;
            ulong categories = Leading(loop, loop);
            if (!ReferenceEquals(loop, state)) categories &= Leading(state, loop);
            return new StateRun(categories, int.MaxValue, loop.IsExited, IsUniform: true);
        }

        return StateRun.None;
    }

    /// <summary>The categories whose characters all lead from one state to another.</summary>
    private ulong Leading(StateSet from, StateSet to)
    {
        ulong all = ByteCategories.Characters, others = OtherCharacters(from, to);
        for (int value = 0; value < 128; value++)
        {
            ulong category = ByteCategories.Table[value];
            if (ReferenceEquals(automaton.Step(from, (byte)value), to)) all |= category;
            else others |= category;
        }

        return all & ~others;
    }

    /// <summary>The categories of characters beyond ASCII that do not all lead from one state to another.</summary>
    private ulong OtherCharacters(StateSet from, StateSet to)
    {
        ulong others = 0;
        StateSet? known = null;
        Utf8Lead? asked = null;
        for (int value = 0xC2; value <= 0xF4; value++)
        {
            Utf8Lead lead = Utf8Lead.Of((byte)value)!.Value;
            StateSet next = automaton.Step(from, (byte)value);
            if (ReferenceEquals(next, known) && lead == asked) continue;
            if (!Completes(next, lead, to)) others |= ByteCategories.Table[value];
            else (known, asked) = (next, lead);
        }

        return others;
    }

    private bool Completes(StateSet from, Utf8Lead lead, StateSet to)
    {
        if (from.Places.Length == 0 || from.IsExited) return false;
        StateSet? known = null;
        for (int value = lead.Low; value <= lead.High; value++)
        {
            StateSet next = automaton.Step(from, (byte)value);
            if (ReferenceEquals(next, known)) continue;
            if (lead.Left == 1 ? !ReferenceEquals(next, to) : !Completes(next, lead.Next, to)) return false;
            known = next;
        }

        return true;
    }
}
