namespace Konko.Engine.Tokenizers.Unicode;

/// <summary>
/// Character properties from tables of our own (Unicode 16 categories), so that tokens do not change with the runtime.
/// </summary>
internal static partial class UnicodeData
{
    private const int HangulFirst = 0xAC00, HangulCount = 11172, HangulOfOneLead = 588, HangulLeadFirst = 0x1100;

    private static readonly byte[] s_categories = ExpandCategories();

    /// <summary>The category of a code point, 0 … 30: <see cref="System.Globalization.UnicodeCategory"/>, or <see cref="CategorySet.WhiteControl"/>.</summary>
    public static byte Category(int codePoint) => s_categories[codePoint];

    /// <summary>The simple lower case of a code point, itself where it has none.</summary>
    public static int ToLower(int codePoint)
    {
        if (codePoint < 0x80) return codePoint is >= 'A' and <= 'Z' ? codePoint | 0x20 : codePoint;
        int pair = FindPair(LowerCasePairs, (uint)codePoint);
        return pair < 0 ? codePoint : (int)LowerCasePairs[pair + 1];
    }

    /// <summary>Writes the canonical decomposition of a code point without the nonspacing marks in it.</summary>
    /// <remarks>
    /// Of a Hangul syllable only the leading consonant is kept: BERT's own normaliser keeps all of it, but llama.cpp, whose
    /// tokens the reference data hold, does not.
    /// </remarks>
    /// <param name="codePoint">A code point; one that is itself a nonspacing mark comes back unchanged.</param>
    /// <param name="bases">Room for at least four code points.</param>
    /// <returns>How many code points were written, 0 … 4.</returns>
    public static int Decompose(int codePoint, Span<int> bases)
    {
        bases[0] = codePoint;
        if (codePoint < 0xC0) return 1;
        int syllable = codePoint - HangulFirst;
        if ((uint)syllable < HangulCount)
        {
            bases[0] = HangulLeadFirst + syllable / HangulOfOneLead;
            return 1;
        }
        int pair = FindPair(SingleDecompositionPairs, (uint)codePoint);
        if (pair >= 0)
        {
            bases[0] = (int)SingleDecompositionPairs[pair + 1];
            return 1;
        }
        ReadOnlySpan<uint> others = OtherDecompositions;
        for (int i = 0; i < others.Length && others[i] <= (uint)codePoint; i += 2 + (int)others[i + 1])
        {
            if (others[i] != (uint)codePoint) continue;
            int count = (int)others[i + 1];
            for (int k = 0; k < count; k++) bases[k] = (int)others[i + 2 + k];
            return count;
        }
        return 1;
    }

    /// <summary>The index of the pair that begins with <paramref name="key"/>, or −1.</summary>
    private static int FindPair(ReadOnlySpan<uint> pairs, uint key)
    {
        int low = 0, high = pairs.Length / 2 - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            uint found = pairs[2 * middle];
            if (found == key) return 2 * middle;
            if (found < key) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    private static byte[] ExpandCategories()
    {
        var categories = new byte[0x110000];
        ReadOnlySpan<uint> runs = CategoryRuns;
        for (int i = 0; i < runs.Length; i++)
        {
            int start = (int)(runs[i] >> 5), end = i + 1 < runs.Length ? (int)(runs[i + 1] >> 5) : categories.Length;
            categories.AsSpan(start, end - start).Fill((byte)(runs[i] & 31));
        }
        return categories;
    }
}
