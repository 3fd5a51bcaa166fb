using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Schema;

/// <summary>A set of strings, or of numbers by their spellings: what satisfies all that is given.</summary>
/// <param name="Texts">One of these; null for any.</param>
/// <param name="Language">In this language; null for any.</param>
/// <param name="Min">At least so many characters.</param>
/// <param name="Max">At most so many.</param>
internal sealed record TextSet(IReadOnlyList<string>? Texts = null, CharacterDfa? Language = null, int Min = 0, int Max = int.MaxValue)
{
    /// <summary>Everything.</summary>
    public static TextSet Any { get; } = new();

    public bool IsAny => Texts is null && Language is null && Min == 0 && Max == int.MaxValue;

    /// <summary>The texts of both sets; null for none.</summary>
    public static TextSet? Intersect(TextSet a, TextSet b, WorkBudget budget, string location)
    {
        if (a.IsAny) return b;
        if (b.IsAny) return a;
        int min = Math.Max(a.Min, b.Min), max = Math.Min(a.Max, b.Max);
        if (min > max) return null;
        if (a.Texts is not null || b.Texts is not null)
        {
            string[] texts = [.. (a.Texts ?? b.Texts)!.Where(text => a.Contains(text) && b.Contains(text))];
            return texts.Length == 0 ? null : new TextSet(texts);
        }

        CharacterDfa? language = a.Language is null ? b.Language : b.Language is null || ReferenceEquals(a.Language, b.Language) ? a.Language : a.Language.Intersect(b.Language, budget, location);
        if (language is { IsEmpty: true }) return null;
        var both = new TextSet(null, language, min, max);
        return language is not null && (min > 0 || max < int.MaxValue) && both.ToLanguage(budget, location).IsEmpty ? null : both;
    }

    /// <summary>Whether a text is in the set.</summary>
    public bool Contains(string text)
    {
        if (Texts is not null && !Texts.Contains(text, StringComparer.Ordinal)) return false;
        if (Language is not null && !Language.Matches(text)) return false;
        if (Min == 0 && Max == int.MaxValue) return true;
        int length = 0;
        foreach (System.Text.Rune _ in text.EnumerateRunes()) length++;
        return length >= Min && length <= Max;
    }

    /// <summary>The set as one language.</summary>
    public CharacterDfa ToLanguage(WorkBudget budget, string location)
    {
        if (Texts is not null) return CharacterDfa.OfTexts(Texts, budget, location);
        CharacterDfa language = Language ?? CharacterDfa.All;
        if (Min <= language.Shortest() && Max >= language.Longest()) return language;
        return language.Intersect(CharacterDfa.OfLength(Min, Max, budget, location), budget, location);
    }
}
