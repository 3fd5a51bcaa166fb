using System.Globalization;
using System.Text;
using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Regex;

/// <summary>Reads regular expressions in the dialect of ECMA-262 with its <c>u</c> flag, as JSON Schema asks for, a little forgivingly.</summary>
internal sealed class RegexParser
{
    private readonly int[] _text;
    private readonly string _location;
    private int _at;
    private int _depth;

    private RegexParser(string text, string location)
    {
        if (text.Length > GrammarLimits.SourceLength) throw GrammarException.TooLarge(location, "the expression is too long");
        _text = [.. text.EnumerateRunes().Select(rune => rune.Value)];
        _location = location;
    }

    /// <summary>The parts of an expression.</summary>
    /// <exception cref="GrammarException">It is not well formed, or has a part that no automaton can follow.</exception>
    public static RegexNode Parse(string text, string location)
    {
        var parser = new RegexParser(text, location);
        RegexNode node = parser.ParseChoice();
        if (parser._at < parser._text.Length) throw parser.Invalid("')' closes no group");
        return node;
    }

    private int Current => _at < _text.Length ? _text[_at] : -1;

    private int Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : -1;

    private RegexNode ParseChoice()
    {
        if (++_depth > GrammarLimits.Depth) throw GrammarException.TooLarge(_location, "the expression is nested too deeply");
        var parts = new List<RegexNode> { ParseSequence() };
        while (Take('|')) parts.Add(ParseSequence());
        _depth--;
        return parts.Count == 1 ? parts[0] : new RegexNode.Choice(parts);
    }

    private RegexNode ParseSequence()
    {
        var parts = new List<RegexNode>();
        while (Current is not -1 and not '|' and not ')')
        {
            RegexNode atom = ParseAtom();
            parts.Add(ParseQuantifier(atom));
        }

        return parts.Count == 1 ? parts[0] : new RegexNode.Sequence(parts);
    }

    private RegexNode ParseQuantifier(RegexNode atom)
    {
        int min, max;
        switch (Current)
        {
            case '*': (min, max) = (0, int.MaxValue); _at++; break;
            case '+': (min, max) = (1, int.MaxValue); _at++; break;
            case '?': (min, max) = (0, 1); _at++; break;
            case '{' when TryCounts(out min, out max): break;
            default: return atom;
        }

        // Which of several ways is taken makes no difference to what matches.
        Take('?');
        if (Current is '*' or '+' or '?' || Current == '{' && IsDigit(Peek(1))) throw Invalid("a quantifier follows a quantifier");
        return atom is RegexNode.Anchor ? throw Invalid("a quantifier follows an anchor") : new RegexNode.Repeat(atom, min, max);
    }

    private bool TryCounts(out int min, out int max)
    {
        int start = _at++;
        min = 0;
        max = int.MaxValue;
        if (Number() is { } first)
        {
            min = max = first;
            if (Take(',')) max = Number() ?? int.MaxValue;
            if (Take('}'))
            {
                if (min > max) throw Invalid("the counts of a quantifier are out of order");
                return true;
            }
        }

        _at = start;
        return false;
    }

    private int? Number()
    {
        int start = _at;
        long value = 0;
        while (IsDigit(Current)) value = Math.Min(value * 10 + _text[_at++] - '0', int.MaxValue);
        return _at == start ? null : (int)value;
    }

    private RegexNode ParseAtom()
    {
        int c = _text[_at++];
        switch (c)
        {
            case '^': return new RegexNode.Anchor(IsEnd: false);
            case '$': return new RegexNode.Anchor(IsEnd: true);
            case '.': return new RegexNode.Character(CharacterSets.LineEnds.Complement());
            case '(': return ParseGroup();
            case '[': return new RegexNode.Character(ParseClass());
            case '\\': return new RegexNode.Character(ParseEscape(inClass: false));
            case '*' or '+' or '?': throw Invalid("a quantifier follows nothing");
            default: return new RegexNode.Character(CodePointSet.Of(c));
        }
    }

    private RegexNode ParseGroup()
    {
        if (Take('?'))
        {
            if (Take(':'))
            {
            }
            else if (Current is '=' or '!' || Current == '<' && Peek(1) is '=' or '!')
            {
                throw Unenforceable("it looks ahead or behind");
            }
            else if (Current == '<' || Current == 'P' && Peek(1) == '<')
            {
                _at += Current == 'P' ? 2 : 1;
                int start = _at;
                while (Current is not -1 and not '>') _at++;
                if (_at == start || !Take('>')) throw Invalid("the name of a group does not end");
            }
            else
            {
                throw Unenforceable("it has a group with flags");
            }
        }

        RegexNode node = ParseChoice();
        return Take(')') ? node : throw Invalid("a group does not end");
    }

    private CodePointSet ParseClass()
    {
        bool negated = Take('^');
        var ranges = new List<(int, int)>();
        while (!Take(']'))
        {
            if (Current == -1) throw Invalid("a class of characters does not end");
            CodePointSet low = ParseClassAtom();
            if (Current != '-' || Peek(1) is ']' or -1)
            {
                ranges.AddRange(low.Ranges);
                continue;
            }

            _at++;
            CodePointSet high = ParseClassAtom();
            if (Single(low) is { } first && Single(high) is { } last)
            {
                if (first > last) throw Invalid("the ends of a range are out of order");
                ranges.Add((first, last));
            }
            else
            {
                ranges.AddRange([.. low.Ranges, ('-', '-'), .. high.Ranges]);
            }
        }

        CodePointSet set = CodePointSet.Of([.. ranges]);
        return negated ? set.Complement() : set;
    }

    private static int? Single(CodePointSet set) => set.Ranges is [var (low, high)] && low == high ? low : null;

    private CodePointSet ParseClassAtom()
    {
        if (Current == -1) throw Invalid("a class of characters does not end");
        int c = _text[_at++];
        return c == '\\' ? ParseEscape(inClass: true) : CodePointSet.Of(c);
    }

    private CodePointSet ParseEscape(bool inClass)
    {
        if (Current == -1) throw Invalid("a backslash stands at the end");
        int c = _text[_at++];
        switch (c)
        {
            case 'd': return CharacterSets.Digits;
            case 'D': return CharacterSets.Digits.Complement();
            case 'w': return CharacterSets.Word;
            case 'W': return CharacterSets.Word.Complement();
            case 's': return CharacterSets.Space;
            case 'S': return CharacterSets.Space.Complement();
            case 'p' or 'P': return ParseProperty(negated: c == 'P');
            case 't': return CodePointSet.Of('\t');
            case 'n': return CodePointSet.Of('\n');
            case 'v': return CodePointSet.Of('\v');
            case 'f': return CodePointSet.Of('\f');
            case 'r': return CodePointSet.Of('\r');
            case 'b' when inClass: return CodePointSet.Of('\b');
            case 'b' or 'B': throw Unenforceable("it asks for the border of a word");
            case 'k': throw Unenforceable("it refers back to a group");
            case 'c' when Current is >= 'a' and <= 'z' or >= 'A' and <= 'Z': return CodePointSet.Of(_text[_at++] & 31);
            case 'x': return CodePointSet.Of(Hex(2));
            case 'u': return CodePointSet.Of(ParseUnicode());
            case '0' when !IsDigit(Current): return CodePointSet.Of(0);
            case >= '0' and <= '9': throw Unenforceable("it refers back to a group");
            case >= 'a' and <= 'z' or >= 'A' and <= 'Z': throw Invalid($"'\\{(char)c}' means nothing");
            default: return CodePointSet.Of(c);
        }
    }

    private int ParseUnicode()
    {
        if (Take('{'))
        {
            int value = 0, digits = 0;
            while (HexDigit(Current) is { } digit && digits++ < 6)
            {
                value = value << 4 | digit;
                _at++;
            }

            if (digits == 0 || !Take('}') || value > CodePointSet.Last) throw Invalid("'\\u{' has no code point");
            return value;
        }

        int first = Hex(4);
        if (first is < 0xD800 or > 0xDBFF || Current != '\\' || Peek(1) != 'u') return first;
        int start = _at;
        _at += 2;
        int second = Peek(0) == '{' ? 0 : Hex(4);
        if (second is >= 0xDC00 and <= 0xDFFF) return 0x10000 + ((first - 0xD800) << 10 | second - 0xDC00);
        _at = start;
        return first;
    }

    private int Hex(int count)
    {
        int value = 0;
        for (int i = 0; i < count; i++)
        {
            if (HexDigit(Current) is not { } digit) throw Invalid($"{count} hexadecimal digits are missing");
            value = value << 4 | digit;
            _at++;
        }

        return value;
    }

    private CodePointSet ParseProperty(bool negated)
    {
        if (!Take('{')) throw Invalid("the name of a property is missing");
        var name = new StringBuilder();
        while (Current is not -1 and not '}') name.Append(new Rune(_text[_at++]));
        if (!Take('}')) throw Invalid("the name of a property does not end");
        CodePointSet? set = CharacterSets.Property(name.ToString());
        if (set is null) throw Unenforceable($"the property '{name}' of characters is not known");
        return negated ? set.Complement() : set;
    }

    private static int? HexDigit(int c) => c is >= '0' and <= '9' ? c - '0' : (c | 32) is >= 'a' and <= 'f' ? (c | 32) - 'a' + 10 : null;

    private static bool IsDigit(int c) => c is >= '0' and <= '9';

    private bool Take(char c)
    {
        if (Current != c) return false;
        _at++;
        return true;
    }

    private GrammarException Invalid(string problem) => GrammarException.Invalid(_location, $"{problem} at character {_at.ToString(CultureInfo.InvariantCulture)} of the expression");

    private GrammarException Unenforceable(string problem) => GrammarException.Unenforceable(_location, $"the expression cannot be enforced: {problem}");
}
