using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Regex;

/// <summary>An expression as a machine that may be in many states at once, and its way to one that is in one.</summary>
internal sealed class RegexNfa
{
    private const int Always = 0, AtStart = 1, AtEnd = 2;

    private readonly string _location;
    private readonly WorkBudget _budget;
    private readonly List<List<(CodePointSet Set, int Target)>> _steps = [];
    private readonly List<List<(int When, int Target)>> _empties = [];
    private readonly int _start;
    private readonly int _final;
    private readonly bool _isAnchored;

    private RegexNfa(RegexNode root, bool isAnchored, WorkBudget budget, string location)
    {
        _location = location;
        _budget = budget;
        _isAnchored = isAnchored;
        _start = Node();
        int first = Node();
        _empties[_start].Add((Always, first));
        int end = Add(root, first);
        _final = Node();
        _empties[end].Add((Always, _final));
        if (isAnchored) return;
        _steps[_start].Add((CodePointSet.All, _start));
        _steps[_final].Add((CodePointSet.All, _final));
    }

    /// <summary>The language of an expression.</summary>
    /// <param name="root">The expression.</param>
    /// <param name="isAnchored">Whether it stands for the whole text, and not for some part of it.</param>
    /// <param name="budget">What it may cost.</param>
    /// <param name="location">What messages call it.</param>
    public static CharacterDfa Compile(RegexNode root, bool isAnchored, WorkBudget budget, string location) =>
        new RegexNfa(root, isAnchored, budget, location).Determinize();

    private int Node()
    {
        if (_steps.Count >= GrammarLimits.NfaNodes) throw GrammarException.TooLarge(_location, "the expression is too long when its repetitions are written out");
        _steps.Add([]);
        _empties.Add([]);
        return _steps.Count - 1;
    }

    private int Add(RegexNode node, int from)
    {
        int to;
        switch (node)
        {
            case RegexNode.Character character:
                to = Node();
                _steps[from].Add((character.Set, to));
                return to;
            case RegexNode.Anchor anchor:
                to = Node();
                _empties[from].Add((anchor.IsEnd ? AtEnd : AtStart, to));
                return to;
            case RegexNode.Sequence sequence:
                foreach (RegexNode part in sequence.Parts) from = Add(part, from);
                return from;
            case RegexNode.Choice choice:
                to = Node();
                foreach (RegexNode part in choice.Parts)
                {
                    int first = Node();
                    _empties[from].Add((Always, first));
                    _empties[Add(part, first)].Add((Always, to));
                }

                return to;
            case RegexNode.Repeat repeat:
                return AddRepeat(repeat, from);
            default:
                throw new InvalidOperationException();
        }
    }

    private int AddRepeat(RegexNode.Repeat repeat, int from)
    {
        for (int i = 0; i < repeat.Min; i++) from = Add(repeat.Part, from);
        int end;
        if (repeat.Max == int.MaxValue)
        {
            int loop = Node();
            end = Node();
            _empties[from].Add((Always, loop));
            _empties[Add(repeat.Part, loop)].Add((Always, loop));
            _empties[loop].Add((Always, end));
            return end;
        }

        end = Node();
        for (int i = repeat.Min; i < repeat.Max; i++)
        {
            _empties[from].Add((Always, end));
            from = Add(repeat.Part, from);
        }

        _empties[from].Add((Always, end));
        return end;
    }

    private CharacterDfa Determinize()
    {
        CodePointSet[] sets = [.. _steps.SelectMany(list => list).Select(step => step.Set).Distinct()];
        CharacterClasses classes = CharacterClasses.Of(sets);
        Dictionary<CodePointSet, int[]> kinds = sets.ToDictionary(set => set, classes.ClassesOf);
        CodePointSet[] symbols = classes.Sets();
        var marks = new bool[_steps.Count];
        var bySymbol = new List<int>?[symbols.Length];
        int expanded = -1;

        var numbers = new Dictionary<NodeList, int>();
        var states = new List<(int[] Nodes, bool Accepts)>();
        int start = NumberOf([_start], atStart: true);
        return CharacterDfa.Build<int>(symbols, start, Step, state => states[state].Accepts, _budget, _location);

        // Symbols are asked for in order, state by state.
        int? Step(int state, int symbol)
        {
            if (expanded != state) Expand(state);
            return bySymbol[symbol] is { Count: > 0 } targets ? NumberOf(targets, atStart: false) : null;
        }

        void Expand(int state)
        {
            expanded = state;
            Array.Clear(bySymbol);
            foreach (int node in states[state].Nodes)
            {
                foreach ((CodePointSet set, int target) in _steps[node])
                {
                    _budget.Spend(kinds[set].Length, _location);
                    foreach (int kind in kinds[set]) (bySymbol[kind] ??= []).Add(target);
                }
            }
        }

        int NumberOf(List<int> nodes, bool atStart)
        {
            List<int> closed = Close(nodes, marks, atStart, atEnd: false);
            // Once a part of the text has matched, whatever follows is welcome: one state for all of these.
            if (!_isAnchored && closed.Contains(_final)) closed = [_final];
            closed.Sort();
            var key = new NodeList([.. closed]);
            // What holds at the start alone may not hold for the same nodes later.
            if (!atStart && numbers.TryGetValue(key, out int known)) return known;
            bool accepts = Close(closed, marks, atStart, atEnd: true).Contains(_final);
            if (!atStart) numbers.Add(key, states.Count);
            states.Add((key.Nodes, accepts));
            return states.Count - 1;
        }
    }

    private List<int> Close(List<int> nodes, bool[] marks, bool atStart, bool atEnd)
    {
        var closed = new List<int>();
        foreach (int node in nodes) Mark(node);
        for (int i = 0; i < closed.Count; i++)
        {
            foreach ((int when, int target) in _empties[closed[i]])
            {
                if (when == Always || when == AtStart && atStart || when == AtEnd && atEnd) Mark(target);
            }
        }

        _budget.Spend(closed.Count, _location);
        foreach (int node in closed) marks[node] = false;
        return closed;

        void Mark(int node)
        {
            if (marks[node]) return;
            marks[node] = true;
            closed.Add(node);
        }
    }

    private readonly struct NodeList(int[] nodes) : IEquatable<NodeList>
    {
        public int[] Nodes => nodes;

        public bool Equals(NodeList other) => nodes.AsSpan().SequenceEqual(other.Nodes);

        public override bool Equals(object? obj) => obj is NodeList other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (int node in nodes) hash.Add(node);
            return hash.ToHashCode();
        }
    }
}
