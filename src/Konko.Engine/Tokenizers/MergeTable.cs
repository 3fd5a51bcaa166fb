using System.Numerics;

namespace Konko.Engine.Tokenizers;

/// <summary>What two neighbouring tokens merge into, and how soon.</summary>
/// <remarks>Open addressing with linear probing; at most two thirds full.</remarks>
internal sealed class MergeTable
{
    // The pair (int.MinValue, 0): neither an id nor the −1 that stands for a byte without a token.
    private const ulong Empty = 1ul << 63;

    private readonly ulong[] _pairs;
    private readonly (int Rank, int Merged)[] _merges;
    private readonly int _shift;

    /// <summary>An empty table.</summary>
    /// <param name="capacity">Most merges that will be added.</param>
    public MergeTable(int capacity)
    {
        uint slots = BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity + capacity / 2));
        _pairs = new ulong[slots];
        Array.Fill(_pairs, Empty);
        _merges = new (int, int)[slots];
        _shift = 64 - BitOperations.Log2(slots);
    }

    /// <summary>Adds a merge; a pair that is there already keeps its earlier rank.</summary>
    public void Add(int left, int right, int rank, int merged)
    {
        ulong pair = Pair(left, right);
        int slot = Slot(pair);
        if (_pairs[slot] == pair) return;
        _pairs[slot] = pair;
        _merges[slot] = (rank, merged);
    }

    /// <summary>Whether two ids merge, and if so how soon (lowest first) and into which id.</summary>
    public bool TryGet(int left, int right, out int rank, out int merged)
    {
        ulong pair = Pair(left, right);
        int slot = Slot(pair);
        (rank, merged) = _merges[slot];
        return _pairs[slot] == pair;
    }

    private static ulong Pair(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    /// <summary>Where the pair is, or where it would go.</summary>
    private int Slot(ulong pair)
    {
        int mask = _pairs.Length - 1;
        int slot = (int)(pair * 0x9E3779B97F4A7C15 >> _shift);
        while (_pairs[slot] != pair && _pairs[slot] != Empty) slot = (slot + 1) & mask;
        return slot;
    }
}
