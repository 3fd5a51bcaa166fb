namespace Konko.Engine.Grammar.Automaton;

/// <summary>
/// Bytes that grammars mostly treat alike, as one bit each: so that it takes one comparison to see that a state lets all the
/// tokens of a subtree pass. A grammar that tells the bytes of a category apart only loses the short cut.
/// </summary>
internal static class ByteCategories
{
    /// <summary>Characters beyond ASCII: whole ones, and such as the end of a token cuts off.</summary>
    public const ulong Characters = TwoBytes | ThreeBytes | Punctuation | FourBytes;

    /// <summary>Characters of two bytes.</summary>
    public const ulong TwoBytes = 1UL << 58;

    /// <summary>Characters of three bytes, <see cref="Punctuation"/> excepted.</summary>
    public const ulong ThreeBytes = 1UL << 59;

    /// <summary>Characters from U+2000 to U+2FFF: expressions tell the ends of lines apart, which are among them.</summary>
    public const ulong Punctuation = 1UL << 60;

    /// <summary>Characters of four bytes.</summary>
    public const ulong FourBytes = 1UL << 61;

    /// <summary>Bytes that begin no character where one should begin, or do not go on with it where they should.</summary>
    public const ulong Others = 1UL << 63;

    private static readonly string[] s_groups = ["abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ", "123456789", "0", "\t", "\n", "\r", .. " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".Select(c => c.ToString())];

    private static readonly ulong[] s_table = [.. Enumerable.Range(0, 256).Select(value => Find((byte)value))];

    private static readonly (ulong Category, ByteSet Bytes)[] s_members = [.. Enumerable.Range(0, 256).GroupBy(value => s_table[value]).Where(group => group.Key != Others).Select(group => (group.Key, Members(group)))];

    /// <summary>The bit of each byte.</summary>
    public static ReadOnlySpan<ulong> Table => s_table;

    /// <summary>The categories all of whose bytes are in a set.</summary>
    public static ulong Whole(in ByteSet bytes)
    {
        ulong categories = 0;
        foreach ((ulong category, ByteSet members) in s_members)
        {
            if (bytes.HasAll(members)) categories |= category;
        }

        return categories;
    }

    /// <summary>The first character of one byte that some categories have, or null.</summary>
    public static byte? First(ulong categories)
    {
        for (byte value = 0; value < 0x80; value++)
        {
            if ((s_table[value] & categories) != 0) return value;
        }

        return null;
    }

    private static ByteSet Members(IEnumerable<int> bytes)
    {
        var set = new ByteSet();
        foreach (int value in bytes) set.Add(value, value);
        return set;
    }

    private static ulong Find(byte value)
    {
        if (value >= 0x80) return Utf8Lead.Of(value) switch
        {
            null => Others,
            { Left: 1 } => TwoBytes,
            { Left: 3 } => FourBytes,
            _ => value == 0xE2 ? Punctuation : ThreeBytes,
        };
        int group = Array.FindIndex(s_groups, letters => letters.Contains((char)value, StringComparison.Ordinal));
        // The control characters have the bit after the last group.
        return 1UL << (group < 0 ? s_groups.Length : group);
    }
}
