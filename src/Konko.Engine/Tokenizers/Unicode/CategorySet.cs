using System.Globalization;

namespace Konko.Engine.Tokenizers.Unicode;

/// <summary>Sets of character categories, one bit for each, as the pre-tokenizers' expressions name them.</summary>
internal static class CategorySet
{
    /// <summary>Our own category of the control characters that are white space (tab … carriage return, U+0085).</summary>
    public const int WhiteControl = 30;

    /// <summary>Upper case (<c>Lu</c>).</summary>
    public const uint Upper = 1u << (int)UnicodeCategory.UppercaseLetter;

    /// <summary>Lower case (<c>Ll</c>).</summary>
    public const uint Lower = 1u << (int)UnicodeCategory.LowercaseLetter;

    /// <summary>Title case (<c>Lt</c>).</summary>
    public const uint Title = 1u << (int)UnicodeCategory.TitlecaseLetter;

    /// <summary>Letters without case (<c>Lm</c>, <c>Lo</c>).</summary>
    public const uint Caseless = 1u << (int)UnicodeCategory.ModifierLetter | 1u << (int)UnicodeCategory.OtherLetter;

    /// <summary>Letters (<c>\p{L}</c>).</summary>
    public const uint Letter = Upper | Lower | Title | Caseless;

    /// <summary>Marks that take no room of their own (<c>Mn</c>).</summary>
    public const uint NonSpacingMark = 1u << (int)UnicodeCategory.NonSpacingMark;

    /// <summary>Marks (<c>\p{M}</c>).</summary>
    public const uint Mark = NonSpacingMark
        | 1u << (int)UnicodeCategory.SpacingCombiningMark | 1u << (int)UnicodeCategory.EnclosingMark;

    /// <summary>Numbers (<c>\p{N}</c>).</summary>
    public const uint Number = 1u << (int)UnicodeCategory.DecimalDigitNumber
        | 1u << (int)UnicodeCategory.LetterNumber | 1u << (int)UnicodeCategory.OtherNumber;

    /// <summary>White space (<c>\s</c>).</summary>
    public const uint Space = 1u << WhiteControl | 1u << (int)UnicodeCategory.SpaceSeparator
        | 1u << (int)UnicodeCategory.LineSeparator | 1u << (int)UnicodeCategory.ParagraphSeparator;

    /// <summary>Punctuation (<c>\p{P}</c>).</summary>
    public const uint Punctuation = 1u << (int)UnicodeCategory.ConnectorPunctuation
        | 1u << (int)UnicodeCategory.DashPunctuation | 1u << (int)UnicodeCategory.OpenPunctuation
        | 1u << (int)UnicodeCategory.ClosePunctuation | 1u << (int)UnicodeCategory.InitialQuotePunctuation
        | 1u << (int)UnicodeCategory.FinalQuotePunctuation | 1u << (int)UnicodeCategory.OtherPunctuation;

    /// <summary>Symbols (<c>\p{S}</c>).</summary>
    public const uint Symbol = 1u << (int)UnicodeCategory.MathSymbol | 1u << (int)UnicodeCategory.CurrencySymbol
        | 1u << (int)UnicodeCategory.ModifierSymbol | 1u << (int)UnicodeCategory.OtherSymbol;

    /// <summary>Control, format and private use characters that are not white space.</summary>
    public const uint Control = 1u << (int)UnicodeCategory.Control | 1u << (int)UnicodeCategory.Format
        | 1u << (int)UnicodeCategory.PrivateUse;

    /// <summary>Whatever is neither white space nor letter nor number (<c>[^\s\p{L}\p{N}]</c>).</summary>
    public const uint Other = ~(Space | Letter | Number);
}
