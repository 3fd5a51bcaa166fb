namespace Konko.Engine.Grammar.Text;

internal sealed partial class CharacterDfa
{
    /// <summary>The texts of both languages.</summary>
    public CharacterDfa Intersect(CharacterDfa other, WorkBudget budget, string location) =>
        IsEmpty || other.IsEmpty ? Empty : Product(this, other, needsFirst: true, needsSecond: true, static (a, b) => a && b, budget, location);

    /// <summary>The texts of either language.</summary>
    public CharacterDfa Union(CharacterDfa other, WorkBudget budget, string location) =>
        IsEmpty ? other : other.IsEmpty ? this : Product(this, other, needsFirst: false, needsSecond: false, static (a, b) => a || b, budget, location);

    /// <summary>The texts of this language that are not in another.</summary>
    public CharacterDfa Except(CharacterDfa other, WorkBudget budget, string location) =>
        IsEmpty || other.IsEmpty ? this : Product(this, other, needsFirst: true, needsSecond: false, static (a, b) => a && !b, budget, location);

    /// <summary>Fewest characters of a text; 0 where there is none.</summary>
    public int Shortest()
    {
        if (IsEmpty) return 0;
        int[] distance = new int[States];
        Array.Fill(distance, -1);
        distance[0] = 0;
        var open = new Queue<int>([0]);
        while (open.TryDequeue(out int state))
        {
            if (_accepting[state]) return distance[state];
            for (int kind = 0; kind < _classes.Count; kind++)
            {
                int next = _table[state * _classes.Count + kind];
                if (next == Dead || distance[next] >= 0) continue;
                distance[next] = distance[state] + 1;
                open.Enqueue(next);
            }
        }

        return 0;
    }

    /// <summary>Most characters of a text, or <see cref="int.MaxValue"/> where there is no most.</summary>
    public int Longest()
    {
        if (IsEmpty) return 0;
        int[] incoming = new int[States], longest = new int[States];
        foreach (int target in _table)
        {
            if (target != Dead) incoming[target]++;
        }

        // Every state is reached from the start, so that a cycle leaves states that are never free of incoming steps.
        if (incoming[0] > 0) return int.MaxValue;
        var open = new Queue<int>([0]);
        int seen = 0, most = 0;
        while (open.TryDequeue(out int state))
        {
            seen++;
            if (_accepting[state]) most = Math.Max(most, longest[state]);
            for (int kind = 0; kind < _classes.Count; kind++)
            {
                int next = _table[state * _classes.Count + kind];
                if (next == Dead) continue;
                longest[next] = Math.Max(longest[next], longest[state] + 1);
                if (--incoming[next] == 0) open.Enqueue(next);
            }
        }

        return seen == States ? most : int.MaxValue;
    }

    /// <summary>No text at all.</summary>
    public static CharacterDfa Empty { get; } = new(CharacterClasses.Of([]), [], []);

    private static CharacterDfa Product(
        CharacterDfa a, CharacterDfa b, bool needsFirst, bool needsSecond, Func<bool, bool, bool> accepts, WorkBudget budget, string location)
    {
        CharacterClasses classes = CharacterClasses.Common(a._classes, b._classes);
        int[] mapA = classes.MapTo(a._classes), mapB = classes.MapTo(b._classes);
        var numbers = new Dictionary<(int, int), int> { [(0, 0)] = 0 };
        var states = new List<(int A, int B)> { (0, 0) };
        var table = new List<int>();
        for (int i = 0; i < states.Count; i++)
        {
            CheckSize(states.Count, classes.Count, location);
            budget.Spend(classes.Count, location);
            (int x, int y) = states[i];
            for (int kind = 0; kind < classes.Count; kind++)
            {
                int nextA = x == Dead ? Dead : a._table[x * a._classes.Count + mapA[kind]];
                int nextB = y == Dead ? Dead : b._table[y * b._classes.Count + mapB[kind]];
                if (nextA == Dead && (needsFirst || nextB == Dead) || nextB == Dead && needsSecond)
                {
                    table.Add(Dead);
                    continue;
                }

                if (!numbers.TryGetValue((nextA, nextB), out int number))
                {
                    numbers.Add((nextA, nextB), number = states.Count);
                    states.Add((nextA, nextB));
                }

                table.Add(number);
            }
        }

        return Trim(classes, [.. table], [.. states.Select(pair => accepts(pair.A != Dead && a._accepting[pair.A], pair.B != Dead && b._accepting[pair.B]))]);
    }

    /// <summary>Leaves away the states from which nothing is accepted.</summary>
    private static CharacterDfa Trim(CharacterClasses classes, int[] table, bool[] accepting)
    {
        int count = accepting.Length, width = classes.Count;
        var sources = new List<int>?[count];
        for (int i = 0; i < table.Length; i++)
        {
            if (table[i] != Dead) (sources[table[i]] ??= []).Add(i / width);
        }

        var live = new bool[count];
        var open = new Stack<int>();
        for (int state = 0; state < count; state++)
        {
            if (accepting[state]) Mark(state);
        }

        while (open.TryPop(out int state))
        {
            foreach (int source in sources[state] ?? []) Mark(source);
        }

        if (!live[0]) return Empty;
        int[] numbers = new int[count];
        int kept = 0;
        for (int state = 0; state < count; state++) numbers[state] = live[state] ? kept++ : Dead;
        int[] newTable = new int[kept * width];
        var newAccepting = new bool[kept];
        for (int state = 0; state < count; state++)
        {
            if (!live[state]) continue;
            int number = numbers[state];
            newAccepting[number] = accepting[state];
            for (int kind = 0; kind < width; kind++)
            {
                int target = table[state * width + kind];
                newTable[number * width + kind] = target == Dead ? Dead : numbers[target];
            }
        }

        return new CharacterDfa(classes, newTable, newAccepting);

        void Mark(int state)
        {
            if (live[state]) return;
            live[state] = true;
            open.Push(state);
        }
    }
}
