using System.Globalization;
using Konko.Engine.Grammar.Text;
using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Grammar.Regex;

/// <summary>The named sets of characters of regular expressions.</summary>
internal static class CharacterSets
{
    private static readonly Dictionary<string, uint> s_categories = new(StringComparer.Ordinal)
    {
        ["L"] = CategorySet.Letter,
        ["Letter"] = CategorySet.Letter,
        ["Lu"] = CategorySet.Upper,
        ["Uppercase_Letter"] = CategorySet.Upper,
        ["Ll"] = CategorySet.Lower,
        ["Lowercase_Letter"] = CategorySet.Lower,
        ["Lt"] = CategorySet.Title,
        ["Titlecase_Letter"] = CategorySet.Title,
        ["LC"] = CategorySet.Upper | CategorySet.Lower | CategorySet.Title,
        ["Cased_Letter"] = CategorySet.Upper | CategorySet.Lower | CategorySet.Title,
        ["Lm"] = Bit(UnicodeCategory.ModifierLetter),
        ["Modifier_Letter"] = Bit(UnicodeCategory.ModifierLetter),
        ["Lo"] = Bit(UnicodeCategory.OtherLetter),
        ["Other_Letter"] = Bit(UnicodeCategory.OtherLetter),
        ["M"] = CategorySet.Mark,
        ["Mark"] = CategorySet.Mark,
        ["Mn"] = CategorySet.NonSpacingMark,
        ["Mc"] = Bit(UnicodeCategory.SpacingCombiningMark),
        ["Me"] = Bit(UnicodeCategory.EnclosingMark),
        ["N"] = CategorySet.Number,
        ["Number"] = CategorySet.Number,
        ["Nd"] = Bit(UnicodeCategory.DecimalDigitNumber),
        ["digit"] = Bit(UnicodeCategory.DecimalDigitNumber),
        ["Decimal_Number"] = Bit(UnicodeCategory.DecimalDigitNumber),
        ["Nl"] = Bit(UnicodeCategory.LetterNumber),
        ["No"] = Bit(UnicodeCategory.OtherNumber),
        ["P"] = CategorySet.Punctuation,
        ["Punctuation"] = CategorySet.Punctuation,
        ["punct"] = CategorySet.Punctuation,
        ["Pc"] = Bit(UnicodeCategory.ConnectorPunctuation),
        ["Pd"] = Bit(UnicodeCategory.DashPunctuation),
        ["Ps"] = Bit(UnicodeCategory.OpenPunctuation),
        ["Pe"] = Bit(UnicodeCategory.ClosePunctuation),
        ["Pi"] = Bit(UnicodeCategory.InitialQuotePunctuation),
        ["Pf"] = Bit(UnicodeCategory.FinalQuotePunctuation),
        ["Po"] = Bit(UnicodeCategory.OtherPunctuation),
        ["S"] = CategorySet.Symbol,
        ["Symbol"] = CategorySet.Symbol,
        ["Sm"] = Bit(UnicodeCategory.MathSymbol),
        ["Sc"] = Bit(UnicodeCategory.CurrencySymbol),
        ["Sk"] = Bit(UnicodeCategory.ModifierSymbol),
        ["So"] = Bit(UnicodeCategory.OtherSymbol),
        ["Z"] = Bit(UnicodeCategory.SpaceSeparator) | Bit(UnicodeCategory.LineSeparator) | Bit(UnicodeCategory.ParagraphSeparator),
        ["Separator"] = Bit(UnicodeCategory.SpaceSeparator) | Bit(UnicodeCategory.LineSeparator) | Bit(UnicodeCategory.ParagraphSeparator),
        ["Zs"] = Bit(UnicodeCategory.SpaceSeparator),
        ["Cc"] = Bit(UnicodeCategory.Control) | 1u << CategorySet.WhiteControl,
        ["Cf"] = Bit(UnicodeCategory.Format),
    };

    private static readonly Dictionary<uint, CodePointSet> s_sets = [];

    /// <summary>The characters that end a line, which <c>.</c> does not match.</summary>
    public static CodePointSet LineEnds { get; } = CodePointSet.Of(('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029));

    /// <summary><c>\d</c>.</summary>
    public static CodePointSet Digits { get; } = CodePointSet.Of(('0', '9'));

    /// <summary><c>\w</c>.</summary>
    public static CodePointSet Word { get; } = CodePointSet.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <summary><c>\s</c>.</summary>
    public static CodePointSet Space { get; } = CodePointSet.Of(
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    /// <summary>The characters of a general category; null where the name is of none.</summary>
    /// <param name="name"><c>L</c>, <c>Lu</c>, <c>Letter</c>, also behind <c>General_Category=</c>.</param>
    public static CodePointSet? Property(string name)
    {
        foreach (string prefix in (ReadOnlySpan<string>)["General_Category=", "gc="])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
        }

        if (name == "Any") return CodePointSet.All;
        if (name == "ASCII") return CodePointSet.Of((0, 0x7F));
        return s_categories.TryGetValue(name, out uint mask) ? OfCategories(mask) : null;
    }

    private static CodePointSet OfCategories(uint mask)
    {
        lock (s_sets)
        {
            if (s_sets.TryGetValue(mask, out CodePointSet? known)) return known;
            var ranges = new List<(int, int)>();
            int start = -1;
            for (int c = 0; c <= CodePointSet.Last + 1; c++)
            {
                bool inside = c <= CodePointSet.Last && (mask >> UnicodeData.Category(c) & 1) != 0;
                if (inside && start < 0) start = c;
                if (inside || start < 0) continue;
                ranges.Add((start, c - 1));
                start = -1;
            }

            CodePointSet set = CodePointSet.Of([.. ranges]);
            s_sets.Add(mask, set);
            return set;
        }
    }

    private static uint Bit(UnicodeCategory category) => 1u << (int)category;
}
