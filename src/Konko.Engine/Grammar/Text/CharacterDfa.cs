using System.Text;

namespace Konko.Engine.Grammar.Text;

/// <summary>A regular language over characters, deterministic: state 0 is the start, and every state can reach acceptance.</summary>
internal sealed partial class CharacterDfa
{
    private const int Dead = -1;

    private readonly CharacterClasses _classes;
    private readonly int[] _table;
    private readonly bool[] _accepting;

    private CharacterDfa(CharacterClasses classes, int[] table, bool[] accepting)
    {
        _classes = classes;
        _table = table;
        _accepting = accepting;
    }

    /// <summary>All texts.</summary>
    public static CharacterDfa All { get; } = new(CharacterClasses.Of([]), [0], [true]);

    /// <summary>No text at all.</summary>
    public bool IsEmpty => _accepting.Length == 0;

    /// <summary>Number of states.</summary>
    public int States => _accepting.Length;

    public bool IsAccepting(int state) => _accepting[state];

    /// <summary>Whatever follows is accepted.</summary>
    public bool IsUniversal(int state) => _accepting[state] && !_table.AsSpan(state * _classes.Count, _classes.Count).ContainsAnyExcept(state);

    /// <summary>The characters that lead from a state to each of its next ones.</summary>
    public IEnumerable<(CodePointSet Characters, int Target)> Steps(int state)
    {
        CodePointSet[] sets = _sets ??= _classes.Sets();
        var byTarget = new SortedDictionary<int, List<(int, int)>>();
        for (int kind = 0; kind < _classes.Count; kind++)
        {
            int target = _table[state * _classes.Count + kind];
            if (target == Dead) continue;
            if (!byTarget.TryGetValue(target, out List<(int, int)>? ranges)) byTarget.Add(target, ranges = []);
            ranges.AddRange(sets[kind].Ranges);
        }

        foreach ((int target, List<(int, int)> ranges) in byTarget) yield return (CodePointSet.Of([.. ranges]), target);
    }

    private CodePointSet[]? _sets;

    /// <summary>Whether a text is in the language.</summary>
    public bool Matches(string text)
    {
        if (IsEmpty) return false;
        int state = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            state = _table[state * _classes.Count + _classes.ClassOf(rune.Value)];
            if (state == Dead) return false;
        }

        return _accepting[state];
    }

    /// <summary>The language of a machine that is given by its steps.</summary>
    /// <typeparam name="TState">Its states, compared by value.</typeparam>
    /// <param name="symbols">Disjoint sets of characters; others end in nothing.</param>
    /// <param name="start">The first state.</param>
    /// <param name="step">The state after a symbol (its index), or null.</param>
    /// <param name="accepts">Whether a text may end in a state.</param>
    /// <param name="budget">What it may cost.</param>
    /// <param name="location">What messages call it.</param>
    public static CharacterDfa Build<TState>(
        CodePointSet[] symbols, TState start, Func<TState, int, TState?> step, Func<TState, bool> accepts, WorkBudget budget, string location)
        where TState : struct
    {
        CharacterClasses classes = CharacterClasses.Of(symbols);
        int[][] kinds = [.. symbols.Select(classes.ClassesOf)];
        var numbers = new Dictionary<TState, int> { [start] = 0 };
        var states = new List<TState> { start };
        var table = new List<int>();
        for (int i = 0; i < states.Count; i++)
        {
            CheckSize(states.Count, classes.Count, location);
            budget.Spend(classes.Count + symbols.Length, location);
            int row = table.Count;
            table.AddRange(Enumerable.Repeat(Dead, classes.Count));
            for (int symbol = 0; symbol < symbols.Length; symbol++)
            {
                if (step(states[i], symbol) is not { } next) continue;
                if (!numbers.TryGetValue(next, out int number))
                {
                    numbers.Add(next, number = states.Count);
                    states.Add(next);
                }

                foreach (int kind in kinds[symbol]) table[row + kind] = number;
            }
        }

        return Trim(classes, [.. table], [.. states.Select(accepts)]);
    }

    /// <summary>Texts of a number of characters.</summary>
    public static CharacterDfa OfLength(int min, int max, WorkBudget budget, string location) =>
        max == int.MaxValue
            ? Build<int>([CodePointSet.All], 0, (n, _) => Math.Min(n + 1, min), n => n >= min, budget, location)
            : Build<int>([CodePointSet.All], 0, (n, _) => n < max ? n + 1 : null, n => n >= min, budget, location);

    /// <summary>A few texts.</summary>
    public static CharacterDfa OfTexts(IReadOnlyCollection<string> texts, WorkBudget budget, string location)
    {
        int[][] all = [.. texts.Select(text => text.EnumerateRunes().Select(rune => rune.Value).ToArray())];
        int[] characters = [.. all.SelectMany(text => text).Distinct().Order()];
        Dictionary<int, int> symbols = characters.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var children = new Dictionary<(int State, int Symbol), int>();
        var ends = new HashSet<int>();
        foreach (int[] text in all)
        {
            int state = 0;
            foreach (int character in text)
            {
                if (!children.TryGetValue((state, symbols[character]), out int next)) children.Add((state, symbols[character]), next = children.Count + 1);
                state = next;
            }

            ends.Add(state);
        }

        return Build<int>([.. characters.Select(c => CodePointSet.Of(c))], 0,
            (state, symbol) => children.TryGetValue((state, symbol), out int next) ? next : null, ends.Contains, budget, location);
    }

    private static void CheckSize(int states, int classes, string location)
    {
        if (states > GrammarLimits.DfaStates || (long)states * classes > GrammarLimits.DfaCells)
            throw GrammarException.TooLarge(location, "it needs too many states");
    }
}
