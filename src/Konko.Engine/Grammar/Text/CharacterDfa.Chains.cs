namespace Konko.Engine.Grammar.Text;

internal sealed partial class CharacterDfa
{
    /// <summary>The chains of states that only count, as far as they have some length; no state is in two of them.</summary>
    /// <param name="shortest">Fewest states.</param>
    public IReadOnlyList<CharacterChain> Chains(int shortest)
    {
        if (States < shortest) return [];
        var chains = new List<CharacterChain>();
        var taken = new bool[States];
        int[] sources = SingleSources();
        for (int start = 0; start < States; start++)
        {
            if (taken[start] || Chain(start, sources, taken) is not { } chain || chain.States.Count < shortest) continue;
            foreach (int state in chain.States) taken[state] = true;
            chains.Add(chain);
        }

        return chains;
    }

    /// <summary>For each state the only other one that leads to it, or <see cref="Dead"/>.</summary>
    private int[] SingleSources()
    {
        int[] sources = new int[States];
        Array.Fill(sources, int.MaxValue);
        sources[0] = Dead;
        for (int i = 0; i < _table.Length; i++)
        {
            int source = i / _classes.Count, target = _table[i];
            if (target == Dead || target == source) continue;
            if (sources[target] == int.MaxValue) sources[target] = source;
            else if (sources[target] != source) sources[target] = Dead;
        }

        return sources;
    }

    private CharacterChain? Chain(int start, int[] sources, bool[] taken)
    {
        // The one state that is reached from nowhere else.
        int next = Dead;
        foreach (int target in Row(start))
        {
            if (target != Dead && target != start && sources[target] == start && !taken[target]) next = target;
        }

        if (next == Dead) return null;
        bool[] isCounted = [.. Row(start).ToArray().Select(target => target == next)];
        var states = new List<int> { start };
        int max = int.MaxValue;
        for (int at = start; ;)
        {
            if (Uniform(at, isCounted) is not { } following) return null;
            if (following == at) break;
            if (following == Dead)
            {
                max = states.Count - 1;
                break;
            }

            if (sources[following] != at || taken[following] || states.Count > States) return null;
            states.Add(at = following);
        }

        int last = states[^1], min = states.Count - 1;
        while (min > 0 && IsAlike(states[min - 1], last, isCounted)) min--;
        for (int i = 0; i < min; i++)
        {
            if (_accepting[states[i]] || !IsOtherwiseDead(states[i], isCounted)) return null;
        }

        CodePointSet[] sets = _sets ??= _classes.Sets();
        var ranges = new List<(int, int)>();
        for (int kind = 0; kind < isCounted.Length; kind++)
        {
            if (isCounted[kind]) ranges.AddRange(sets[kind].Ranges);
        }

        return new CharacterChain(start, last, CodePointSet.Of([.. ranges]), min, max, states);
    }

    private ReadOnlySpan<int> Row(int state) => _table.AsSpan(state * _classes.Count, _classes.Count);

    /// <summary>Where all counted characters lead, and no others; null where there is no such state.</summary>
    private int? Uniform(int state, bool[] isCounted)
    {
        ReadOnlySpan<int> row = Row(state);
        int target = row[Array.IndexOf(isCounted, true)];
        for (int kind = 0; kind < row.Length; kind++)
        {
            if (isCounted[kind] ? row[kind] != target : target != Dead && row[kind] == target) return null;
        }

        return target;
    }

    private bool IsAlike(int a, int b, bool[] isCounted)
    {
        if (_accepting[a] != _accepting[b]) return false;
        ReadOnlySpan<int> first = Row(a), second = Row(b);
        for (int kind = 0; kind < first.Length; kind++)
        {
            if (!isCounted[kind] && first[kind] != second[kind]) return false;
        }

        return true;
    }

    private bool IsOtherwiseDead(int state, bool[] isCounted)
    {
        ReadOnlySpan<int> row = Row(state);
        for (int kind = 0; kind < row.Length; kind++)
        {
            if (!isCounted[kind] && row[kind] != Dead) return false;
        }

        return true;
    }
}
