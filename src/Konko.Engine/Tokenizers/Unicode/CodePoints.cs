namespace Konko.Engine.Tokenizers.Unicode;

/// <summary>A stretch of text as code points, each with its category; indices outside of it read as "no character".</summary>
internal readonly ref struct CodePoints
{
    private readonly ReadOnlySpan<int> _values;
    private readonly ReadOnlySpan<byte> _categories;

    /// <summary>Wraps the two parallel spans.</summary>
    public CodePoints(ReadOnlySpan<int> values, ReadOnlySpan<byte> categories)
    {
        _values = values;
        _categories = categories[..values.Length];
    }

    /// <summary>Number of code points.</summary>
    public int Length => _values.Length;

    /// <summary>The code point at an index, −1 outside of the text.</summary>
    public int this[int index] => (uint)index < (uint)_values.Length ? _values[index] : -1;

    /// <summary>Whether there is a code point at the index and its category is in the <see cref="CategorySet"/>.</summary>
    public bool Is(int index, uint set) => (uint)index < (uint)_categories.Length && (set >> _categories[index] & 1) != 0;

    /// <summary>The first index from <paramref name="index"/> on whose category is not in the set.</summary>
    public int Skip(int index, uint set)
    {
        while (Is(index, set)) index++;
        return index;
    }

    /// <summary>The first index from <paramref name="index"/> on that is no carriage return and no line feed.</summary>
    public int SkipLineBreaks(int index)
    {
        while (this[index] is '\r' or '\n') index++;
        return index;
    }

    /// <summary>A part of the text, which sees nothing outside of itself.</summary>
    public CodePoints Slice(int start, int end) => new(_values[start..end], _categories[start..end]);
}
