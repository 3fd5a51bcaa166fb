namespace Konko.Engine.Grammar.Text;

/// <summary>A set of Unicode characters as ascending ranges that do not touch; surrogates are no characters and in none.</summary>
internal sealed class CodePointSet
{
    /// <summary>The greatest code point.</summary>
    public const int Last = 0x10FFFF;

    private const int FirstSurrogate = 0xD800, LastSurrogate = 0xDFFF;

    private CodePointSet(IReadOnlyList<(int Low, int High)> ranges) => Ranges = ranges;

    /// <summary>All characters.</summary>
    public static CodePointSet All { get; } = Of((0, Last));

    /// <summary>No character.</summary>
    public static CodePointSet None { get; } = new([]);

    /// <summary>The ranges, both ends included.</summary>
    public IReadOnlyList<(int Low, int High)> Ranges { get; }

    public bool IsEmpty => Ranges.Count == 0;

    /// <summary>The characters of any ranges, in any order.</summary>
    public static CodePointSet Of(params ReadOnlySpan<(int Low, int High)> ranges)
    {
        var sorted = new List<(int Low, int High)>(ranges.Length + 1);
        foreach ((int low, int high) in ranges)
        {
            if (low < FirstSurrogate) sorted.Add((low, Math.Min(high, FirstSurrogate - 1)));
            if (high > LastSurrogate) sorted.Add((Math.Max(low, LastSurrogate + 1), high));
        }

        sorted.RemoveAll(static range => range.Low > range.High);
        sorted.Sort();
        var merged = new List<(int Low, int High)>(sorted.Count);
        foreach ((int low, int high) in sorted)
        {
            if (merged.Count > 0 && low <= merged[^1].High + 1) merged[^1] = (merged[^1].Low, Math.Max(merged[^1].High, high));
            else merged.Add((low, high));
        }

        return new CodePointSet(merged);
    }

    /// <summary>One character.</summary>
    public static CodePointSet Of(int codePoint) => Of((codePoint, codePoint));

    public CodePointSet Union(CodePointSet other) => Of([.. Ranges, .. other.Ranges]);

    /// <summary>All characters that are not in it.</summary>
    public CodePointSet Complement()
    {
        var ranges = new List<(int, int)>();
        int next = 0;
        foreach ((int low, int high) in Ranges)
        {
            ranges.Add((next, low - 1));
            next = high + 1;
        }

        ranges.Add((next, Last));
        return Of([.. ranges]);
    }

    public CodePointSet Except(CodePointSet other) => Complement().Union(other).Complement();

    public CodePointSet Intersect(CodePointSet other) => Complement().Union(other.Complement()).Complement();

    public bool Contains(int codePoint)
    {
        foreach ((int low, int high) in Ranges)
        {
            if (codePoint < low) return false;
            if (codePoint <= high) return true;
        }

        return false;
    }
}
