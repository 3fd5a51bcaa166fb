using System.Numerics;
using System.Runtime.InteropServices;

namespace Konko.Engine.Tokenizers;

/// <summary>Remembers the ids of recent words. Bounded, and safe to use from many threads without a lock.</summary>
/// <remarks>
/// A word has one slot, which the latest word of that slot holds. Entries never change, so a reader sees a whole one;
/// a lost race only costs that the word is encoded again.
/// </remarks>
internal sealed class WordCache
{
    private const int Slots = 1 << 14;
    private const int LongestWord = 32;

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>The ids of a word, if it is remembered.</summary>
    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> ids)
    {
        Entry? entry = word.Length <= LongestWord ? Volatile.Read(ref _entries[Slot(word)]) : null;
        bool found = entry is not null && word.SequenceEqual(entry.Word);
        ids = found ? entry!.Ids : default;
        return found;
    }

    /// <summary>Remembers a word unless it is too long to come again.</summary>
    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (word.Length > LongestWord) return;
        Volatile.Write(ref _entries[Slot(word)], new Entry(word.ToString(), ids.ToArray()));
    }

    private static int Slot(ReadOnlySpan<char> word)
    {
        ulong hash = (ulong)word.Length;
        ReadOnlySpan<ulong> fours = MemoryMarshal.Cast<char, ulong>(word);
        foreach (ulong four in fours) hash = BitOperations.RotateLeft((hash ^ four) * 0x9E3779B97F4A7C15, 29);
        foreach (char c in word[(fours.Length * 4)..]) hash = BitOperations.RotateLeft((hash ^ c) * 0x9E3779B97F4A7C15, 29);
        return (int)(hash * 0x9E3779B97F4A7C15 >> 50);
    }

    private sealed record Entry(string Word, int[] Ids);
}
