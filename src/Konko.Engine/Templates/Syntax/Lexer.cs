using Konko.Engine.Templates.Python;

namespace Konko.Engine.Templates.Syntax;

/// <summary>Cuts a template into tokens, with Jinja's <c>trim_blocks</c> and <c>lstrip_blocks</c> switched on.</summary>
internal sealed class Lexer
{
    private static readonly string[] Operators =
    [
        "//", "**", "==", "!=", ">=", "<=",
        "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";",
    ];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private readonly Stack<char> _brackets = new();
    private int _at;
    private int _line = 1;

    // Whether what came before the current text ended a line, so that white space before a block begins one.
    private bool _startsLine = true;

    private Lexer(string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _source = source.EndsWith('\n') ? source[..^1] : source;
    }

    /// <summary>The tokens of a template, the last one <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="TemplateException">A tag, comment or string is not closed, or a character has no meaning.</exception>
    public static List<Token> Tokenize(string source)
    {
        var lexer = new Lexer(source);
        while (lexer._at < lexer._source.Length) lexer.ReadText();
        lexer.Add(TokenKind.End, "");
        return lexer._tokens;
    }

    private void ReadText()
    {
        int tag = FindTag(_at);
        if (tag < 0)
        {
            AddText(_source.Length);
            _at = _source.Length;
            return;
        }
        char kind = _source[tag + 1];
        int inside = tag + 2;
        char sign = inside < _source.Length && _source[inside] is '-' or '+' ? _source[inside++] : '\0';
        AddText(TextEnd(tag, sign, isVariable: kind == '{'));
        MoveTo(inside);
        if (kind == '#') SkipComment();
        else if (kind == '%' && TryRaw()) return;
        else ReadTag(kind == '%');
    }

    private int FindTag(int from)
    {
        for (int at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#') return at;
        }
        return -1;
    }

    /// <summary>Where the text before a tag ends, once the white space that the tag's sign strips is gone.</summary>
    private int TextEnd(int tag, char sign, bool isVariable)
    {
        if (sign == '+' || (sign == '\0' && isVariable)) return tag;
        int end = tag;
        while (end > _at && UnicodeData.IsSpace(_source[end - 1]) && (sign == '-' || _source[end - 1] != '\n')) end--;
        if (sign == '-') return end;
        bool isLineStart = end == _at ? _startsLine : _source[end - 1] == '\n';
        return isLineStart ? end : tag;
    }

    private void AddText(int end)
    {
        if (end > _at) Add(TokenKind.Data, _source[_at..end]);
    }

    private void SkipComment()
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0) throw Error("a comment is not closed");
        char sign = end > _at && _source[end - 1] is '-' or '+' ? _source[end - 1] : '\0';
        MoveTo(AfterBlock(end + 2, sign));
    }

    /// <summary>Reads a whole raw block where the block tag just begun is <c>raw</c>.</summary>
    private bool TryRaw()
    {
        int at = SkipSpace(_at);
        if (!StartsWith(at, "raw")) return false;
        at = SkipSpace(at + 3);
        bool strips = StartsWith(at, "-%}");
        if (!strips && !StartsWith(at, "%}")) return false;
        MoveTo(strips ? SkipSpace(at + 3) : at + 2);
        for (int tag = _source.IndexOf("{%", _at, StringComparison.Ordinal); tag >= 0; tag = _source.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            int inside = tag + 2;
            char sign = inside < _source.Length && _source[inside] is '-' or '+' ? _source[inside++] : '\0';
            int end = SkipSpace(inside);
            if (!StartsWith(end, "endraw")) continue;
            end = SkipSpace(end + 6);
            char endSign = end < _source.Length && _source[end] is '-' or '+' ? _source[end++] : '\0';
            if (!StartsWith(end, "%}")) continue;
            AddText(TextEnd(tag, sign, isVariable: false));
            MoveTo(AfterBlock(end + 2, endSign));
            return true;
        }
        throw Error("a raw block is not closed");
    }

    private void ReadTag(bool isBlock)
    {
        Add(isBlock ? TokenKind.BlockBegin : TokenKind.VariableBegin, "");
        string close = isBlock ? "%}" : "}}";
        while (_at < _source.Length)
        {
            if (_brackets.Count == 0)
            {
                char sign = _source[_at] == '-' || (isBlock && _source[_at] == '+') ? _source[_at] : '\0';
                int end = sign == '\0' ? _at : _at + 1;
                if (StartsWith(end, close))
                {
                    Add(isBlock ? TokenKind.BlockEnd : TokenKind.VariableEnd, "");
                    MoveTo(isBlock ? AfterBlock(end + 2, sign) : sign == '-' ? SkipSpace(end + 2) : end + 2);
                    return;
                }
            }
            if (UnicodeData.IsSpace(_source[_at])) MoveTo(SkipSpace(_at));
            else ReadToken();
        }
        throw Error($"'{(isBlock ? "{%" : "{{")}' is not closed");
    }

    /// <summary>Where the text after a block or comment begins: past all white space, or past one line break.</summary>
    private int AfterBlock(int at, char sign)
    {
        if (sign == '-') return SkipSpace(at);
        return sign == '\0' && at < _source.Length && _source[at] == '\n' ? at + 1 : at;
    }

    private void ReadToken()
    {
        char first = _source[_at];
        if (char.IsAsciiDigit(first)) ReadNumber();
        else if (first is '"' or '\'') ReadString(first);
        else if (IsNamePart(first)) ReadName();
        else ReadOperator();
    }

    private void ReadNumber()
    {
        int end = _at;
        char radix = end + 1 < _source.Length && _source[end] == '0' ? (char)(_source[end + 1] | 0x20) : '\0';
        if (radix is 'x' or 'o' or 'b')
        {
            end += 2;
            while (end < _source.Length && (char.IsAsciiHexDigit(_source[end]) || _source[end] == '_')) end++;
            AddNumber(TokenKind.Integer, end);
            return;
        }
        end = SkipDigits(end);
        // In a.0.1 the numbers are items, not a fraction.
        bool isItem = _at > 0 && _source[_at - 1] == '.';
        bool isFloat = false;
        if (!isItem && end + 1 < _source.Length && _source[end] == '.' && char.IsAsciiDigit(_source[end + 1]))
        {
            isFloat = true;
            end = SkipDigits(end + 1);
        }
        if (!isItem && end + 1 < _source.Length && _source[end] is 'e' or 'E')
        {
            int exponent = _source[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (exponent < _source.Length && char.IsAsciiDigit(_source[exponent]))
            {
                isFloat = true;
                end = SkipDigits(exponent);
            }
        }
        AddNumber(isFloat ? TokenKind.Float : TokenKind.Integer, end);
    }

    private void AddNumber(TokenKind kind, int end)
    {
        Add(kind, _source[_at..end].Replace("_", "", StringComparison.Ordinal));
        MoveTo(end);
    }

    private int SkipDigits(int at)
    {
        while (at < _source.Length && (char.IsAsciiDigit(_source[at]) || (_source[at] == '_' && at + 1 < _source.Length && char.IsAsciiDigit(_source[at + 1]))))
            at++;
        return at;
    }

    private void ReadString(char quote)
    {
        int end = _at + 1;
        while (end < _source.Length && _source[end] != quote) end += _source[end] == '\\' ? 2 : 1;
        if (end >= _source.Length) throw Error("a string is not closed");
        Add(TokenKind.String, StringLiteral.Unescape(_source.AsSpan(_at + 1, end - _at - 1), _line));
        MoveTo(end + 1);
    }

    private void ReadName()
    {
        int end = _at;
        while (end < _source.Length && IsNamePart(_source[end])) end++;
        Add(TokenKind.Name, _source[_at..end]);
        MoveTo(end);
    }

    private void ReadOperator()
    {
        string found = FindOperator() ?? throw Error($"unexpected character '{_source[_at]}'");
        switch (found[0])
        {
            case '(' or '[' or '{':
                _brackets.Push(found[0] == '(' ? ')' : found[0] == '[' ? ']' : '}');
                break;
            case ')' or ']' or '}':
                if (!_brackets.TryPop(out char expected)) throw Error($"unexpected '{found}'");
                if (expected != found[0]) throw Error($"unexpected '{found}', expected '{expected}'");
                break;
        }
        Add(TokenKind.Operator, found);
        MoveTo(_at + found.Length);
    }

    private string? FindOperator()
    {
        char first = _source[_at], second = _at + 1 < _source.Length ? _source[_at + 1] : '\0';
        foreach (string text in Operators)
        {
            if (text[0] == first && (text.Length == 1 || text[1] == second)) return text;
        }
        return null;
    }

    private static bool IsNamePart(char unit) =>
        unit < 0x80 ? char.IsAsciiLetterOrDigit(unit) || unit == '_' : !char.IsSurrogate(unit) && UnicodeData.IsAlphanumeric(unit);

    private bool StartsWith(int at, string text) => string.CompareOrdinal(_source, at, text, 0, text.Length) == 0;

    private int SkipSpace(int at)
    {
        while (at < _source.Length && UnicodeData.IsSpace(_source[at])) at++;
        return at;
    }

    private void MoveTo(int at)
    {
        _line += _source.AsSpan(_at, at - _at).Count('\n');
        if (at > _at) _startsLine = _source[at - 1] == '\n';
        _at = at;
    }

    private void Add(TokenKind kind, string text) => _tokens.Add(new Token(kind, text, _line));

    private TemplateException Error(string message) => new(message, _line);
}
