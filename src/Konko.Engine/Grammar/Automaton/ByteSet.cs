namespace Konko.Engine.Grammar.Automaton;

/// <summary>A set of bytes.</summary>
internal struct ByteSet
{
    private ulong _first, _second, _third, _fourth;

    /// <summary>Adds a range; nothing where it is empty.</summary>
    public void Add(int low, int high)
    {
        _first |= Range(low, high);
        _second |= Range(low - 64, high - 64);
        _third |= Range(low - 128, high - 128);
        _fourth |= Range(low - 192, high - 192);
    }

    /// <summary>Those that are not in another set.</summary>
    public readonly ByteSet Except(in ByteSet other) => new()
    {
        _first = _first & ~other._first, _second = _second & ~other._second, _third = _third & ~other._third, _fourth = _fourth & ~other._fourth,
    };

    /// <summary>Whether all of another set are in this one.</summary>
    public readonly bool HasAll(in ByteSet other) =>
        ((other._first & ~_first) | (other._second & ~_second) | (other._third & ~_third) | (other._fourth & ~_fourth)) == 0;

    private static ulong Range(int low, int high)
    {
        low = Math.Max(low, 0);
        high = Math.Min(high, 63);
        return low > high ? 0 : ulong.MaxValue >> (63 - high + low) << low;
    }
}
