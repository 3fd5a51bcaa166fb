namespace Konko.Engine.Tokenizers.Unicode;

/// <summary>A set of code points given as ascending, disjoint, inclusive ranges.</summary>
internal sealed class CodePointRanges
{
    private readonly int[] _bounds;

    /// <summary>The set of first, last, first, last, …</summary>
    public CodePointRanges(params int[] bounds) => _bounds = bounds;

    /// <summary>The set of the characters of a string of ASCII.</summary>
    public static CodePointRanges Of(string characters) => new([.. characters.Order().SelectMany(c => new int[] { c, c })]);

    /// <summary>Whether the set has the code point; never for −1.</summary>
    public bool Contains(int codePoint)
    {
        int low = 0, high = _bounds.Length / 2 - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (codePoint < _bounds[2 * middle]) high = middle - 1;
            else if (codePoint > _bounds[2 * middle + 1]) low = middle + 1;
            else return true;
        }
        return false;
    }
}
