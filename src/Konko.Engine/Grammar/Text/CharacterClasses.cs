namespace Konko.Engine.Grammar.Text;

/// <summary>A partition of all characters into classes that some automaton does not tell apart.</summary>
internal sealed class CharacterClasses
{
    /// <summary>The class of the surrogates, which are no characters.</summary>
    private const int NoClass = -1;

    private readonly int[] _starts;
    private readonly int[] _classes;

    private CharacterClasses(int[] starts, int[] classes, int count)
    {
        _starts = starts;
        _classes = classes;
        Count = count;
    }

    /// <summary>Number of classes.</summary>
    public int Count { get; }

    /// <summary>The coarsest partition in which every set is a union of classes.</summary>
    public static CharacterClasses Of(IEnumerable<CodePointSet> sets)
    {
        CodePointSet[] all = [CodePointSet.All, .. sets];
        var borders = new SortedSet<int> { 0 };
        foreach (CodePointSet set in all)
        {
            foreach ((int low, int high) in set.Ranges)
            {
                borders.Add(low);
                borders.Add(high + 1);
            }
        }

        borders.Remove(CodePointSet.Last + 1);
        int[] starts = [.. borders];
        int[] classes = new int[starts.Length];
        int next = 1;
        var split = new Dictionary<int, int>();
        foreach (CodePointSet set in all)
        {
            split.Clear();
            foreach ((int low, int high) in set.Ranges)
            {
                for (int i = Array.BinarySearch(starts, low); i < starts.Length && starts[i] <= high; i++)
                {
                    if (!split.TryGetValue(classes[i], out int fresh)) split.Add(classes[i], fresh = next++);
                    classes[i] = fresh;
                }
            }
        }

        var dense = new Dictionary<int, int> { [0] = NoClass };
        for (int i = 0; i < classes.Length; i++)
        {
            if (!dense.TryGetValue(classes[i], out int number)) dense.Add(classes[i], number = dense.Count - 1);
            classes[i] = number;
        }

        return new CharacterClasses(starts, classes, dense.Count - 1);
    }

    /// <summary>The coarsest partition that refines both.</summary>
    public static CharacterClasses Common(CharacterClasses a, CharacterClasses b) => ReferenceEquals(a, b) ? a : Of([.. a.Sets(), .. b.Sets()]);

    /// <summary>The class of a character.</summary>
    public int ClassOf(int codePoint)
    {
        int i = Array.BinarySearch(_starts, codePoint);
        return _classes[i < 0 ? ~i - 1 : i];
    }

    /// <summary>The classes that make up a set which the partition was made for.</summary>
    public int[] ClassesOf(CodePointSet set)
    {
        var found = new SortedSet<int>();
        foreach ((int low, int high) in set.Ranges)
        {
            for (int i = Array.BinarySearch(_starts, low); i < _starts.Length && _starts[i] <= high; i++) found.Add(_classes[i]);
        }

        found.Remove(NoClass);
        return [.. found];
    }

    /// <summary>For each class of this partition the class of a coarser one that it lies in.</summary>
    public int[] MapTo(CharacterClasses coarser)
    {
        int[] map = new int[Count];
        for (int i = 0; i < _starts.Length; i++)
        {
            if (_classes[i] != NoClass) map[_classes[i]] = coarser.ClassOf(_starts[i]);
        }

        return map;
    }

    /// <summary>The characters of each class.</summary>
    public CodePointSet[] Sets()
    {
        var ranges = new List<(int, int)>[Count];
        for (int i = 0; i < Count; i++) ranges[i] = [];
        for (int i = 0; i < _starts.Length; i++)
        {
            int end = i + 1 < _starts.Length ? _starts[i + 1] - 1 : CodePointSet.Last;
            if (_classes[i] != NoClass) ranges[_classes[i]].Add((_starts[i], end));
        }

        return [.. ranges.Select(list => CodePointSet.Of([.. list]))];
    }
}
