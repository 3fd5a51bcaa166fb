using System.Collections.Frozen;

namespace Konko.Engine.Templates.Python;

/// <summary>Python's classes and case mappings of characters, the same on every runtime.</summary>
internal static class UnicodeData
{
    private const uint Alphabetic = 1, Decimal = 2, Digit = 4, Numeric = 8, Printable = 16;

    // The one character whose lower case is two characters.
    private const int DottedCapitalI = 0x130;

    private static readonly FrozenDictionary<int, string> UpperExpansions = Expansions();

    /// <summary>Python's <c>str.isspace</c> for one UTF-16 unit; every white space is below U+10000.</summary>
    public static bool IsSpace(char c) => c switch
    {
        ' ' or (>= '\t' and <= '\r') or (>= '\x1c' and <= '\x1f') => true,
        < '\x80' => false,
        '\x85' or '\xa0' or '\u1680' or (>= '\u2000' and <= '\u200a') => true,
        '\u2028' or '\u2029' or '\u202f' or '\u205f' or '\u3000' => true,
        _ => false,
    };

    public static bool IsAlphabetic(int codePoint) => Has(codePoint, Alphabetic);

    public static bool IsDecimal(int codePoint) => Has(codePoint, Decimal);

    public static bool IsDigit(int codePoint) => Has(codePoint, Digit);

    public static bool IsNumeric(int codePoint) => Has(codePoint, Numeric);

    public static bool IsAlphanumeric(int codePoint) => Has(codePoint, Alphabetic | Decimal | Digit | Numeric);

    /// <summary>Whether Python's <c>repr</c> shows the character as it is.</summary>
    public static bool IsPrintable(int codePoint) => Has(codePoint, Printable);

    public static bool IsUpper(int codePoint) => ToLower(codePoint) != codePoint || codePoint == DottedCapitalI;

    public static bool IsLower(int codePoint) =>
        ToUpper(codePoint) != codePoint || UpperExpansions.ContainsKey(codePoint);

    /// <summary>The one-character lower case; the character itself where it has none.</summary>
    public static int ToLower(int codePoint) =>
        codePoint < 0x80 ? (codePoint is >= 'A' and <= 'Z' ? codePoint + 32 : codePoint) : Map(UnicodeTables.Lower, codePoint);

    /// <summary>The one-character upper case; the character itself where it has none.</summary>
    public static int ToUpper(int codePoint) =>
        codePoint < 0x80 ? (codePoint is >= 'a' and <= 'z' ? codePoint - 32 : codePoint) : Map(UnicodeTables.Upper, codePoint);

    /// <summary>Writes the whole upper case, which may be several characters (ß → SS), and returns its length.</summary>
    /// <param name="codePoint">The character.</param>
    /// <param name="destination">Room for three UTF-16 units.</param>
    public static int WriteUpper(int codePoint, Span<char> destination)
    {
        if (codePoint < 0x80 || !UpperExpansions.TryGetValue(codePoint, out string? expansion))
            return Write(ToUpper(codePoint), destination);
        expansion.CopyTo(destination);
        return expansion.Length;
    }

    /// <summary>Writes the whole lower case and returns its length.</summary>
    /// <param name="codePoint">The character.</param>
    /// <param name="endsWord">Whether a sigma here takes its final form.</param>
    /// <param name="destination">Room for three UTF-16 units.</param>
    public static int WriteLower(int codePoint, bool endsWord, Span<char> destination)
    {
        if (codePoint == DottedCapitalI)
        {
            "i\u0307".CopyTo(destination);
            return 2;
        }
        return Write(codePoint == 0x3A3 && endsWord ? 0x3C2 : ToLower(codePoint), destination);
    }

    /// <summary>The code point at an index; a lone surrogate stands for itself.</summary>
    public static int CodePointAt(ReadOnlySpan<char> text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
            ? char.ConvertToUtf32(text[index], text[index + 1])
            : text[index];

    /// <summary>How many UTF-16 units a code point takes.</summary>
    public static int UnitsOf(int codePoint) => codePoint >= 0x10000 ? 2 : 1;

    /// <summary>Writes a code point and returns its length.</summary>
    public static int Write(int codePoint, Span<char> destination)
    {
        if (codePoint < 0x10000)
        {
            destination[0] = (char)codePoint;
            return 1;
        }
        destination[0] = (char)(0xD800 + ((codePoint - 0x10000) >> 10));
        destination[1] = (char)(0xDC00 + ((codePoint - 0x10000) & 0x3FF));
        return 2;
    }

    private static bool Has(int codePoint, uint classes)
    {
        ReadOnlySpan<uint> runs = UnicodeTables.Classes;
        uint key = ((uint)codePoint << 5) | 31;
        int low = 0, high = runs.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >> 1;
            if (runs[middle] <= key) low = middle;
            else high = middle - 1;
        }
        return (runs[low] & classes) != 0;
    }

    private static int Map(ReadOnlySpan<int> ranges, int codePoint)
    {
        for (int i = 0; i < ranges.Length; i += 4)
        {
            if (codePoint >= ranges[i] && codePoint <= ranges[i + 1] && (codePoint - ranges[i]) % ranges[i + 2] == 0)
                return codePoint + ranges[i + 3];
        }
        return codePoint;
    }

    private static FrozenDictionary<int, string> Expansions()
    {
        var result = new Dictionary<int, string>();
        for (int i = 0; i < UnicodeTables.UpperExpansions.Length; i += 2)
            result.Add(UnicodeTables.UpperExpansions[i][0], UnicodeTables.UpperExpansions[i + 1]);
        return result.ToFrozenDictionary();
    }
}
