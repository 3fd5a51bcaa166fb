using System.Text;

namespace Konko.Server.Generation.Tools;

/// <summary>Reads the beginning of a call out of the text that stands so far: from its opener to its arguments.</summary>
internal ref struct CallHeaderReader
{
    private const int MaxNameLength = 256;

    private readonly ReadOnlySpan<char> _text;
    private readonly IReadOnlySet<string>? _known;
    private readonly bool _isStrict;
    private readonly bool _isCohere;
    private int _at;
    private bool _starved;

    private CallHeaderReader(ReadOnlySpan<char> text, IReadOnlySet<string>? known, bool isStrict = false, bool isCohere = false)
    {
        _isStrict = isStrict;
        _isCohere = isCohere;
        _text = text;
        _known = known;
    }

    /// <summary>Reads a call as the dialects write them after their openers.</summary>
    /// <param name="dialect">The dialect.</param>
    /// <param name="text">What stands after the opener.</param>
    /// <param name="known">The names that count as calls, and then nothing else may look different either; null for any.</param>
    /// <param name="names">The names of the request's tools.</param>
    /// <param name="isStrict">Whether it must be an object whose first member is the name, spelled plainly, and the second the arguments.</param>
    public static CallHeader Read(ToolDialect dialect, ReadOnlySpan<char> text, IReadOnlySet<string>? known, IReadOnlySet<string> names, bool isStrict = false)
    {
        var reader = new CallHeaderReader(text, known, isStrict, dialect == ToolDialect.Cohere);
        CallHeader? header = dialect switch
        {
            ToolDialect.Harmony => reader.Message(),
            _ when known is not null || !reader.BeginsName() => reader.Json(),
            ToolDialect.Mistral => reader.Named(),
            ToolDialect.Tagged => reader.Tagged(TagSyntax.Lines),
            ToolDialect.Markup => reader.Tagged(TagSyntax.Attributes),
            ToolDialect.DeepSeek => reader.Separated(),
            ToolDialect.Gemma => reader.Python(names),
            ToolDialect.Bare => reader.Called(),
            _ => reader.Json(),
        };
        return header ?? new CallHeader(reader._starved ? CallHeaderKind.More : CallHeaderKind.None);
    }

    /// <summary>Finds the end of an object whose arguments were read: further members, then the closing braces.</summary>
    /// <param name="text">What stands after the arguments.</param>
    /// <param name="depth">Braces to close.</param>
    /// <returns>Characters that takes; null where it is not there (yet).</returns>
    /// <param name="starved">Whether it may come yet.</param>
    public static int? Rest(ReadOnlySpan<char> text, int depth, out bool starved)
    {
        var reader = new CallHeaderReader(text, null);
        bool found = true;
        while (found && depth > 0)
        {
            if (reader.Take('}'))
            {
                depth--;
                continue;
            }

            found = !reader._starved && reader.Take(',') && reader.Text() is not null && reader.Take(':') && reader.Value() is not null;
        }

        starved = reader._starved;
        return found ? reader._at : null;
    }

    private bool BeginsName() => Peek() is char c && c is not ('[' or '{');

    // [TOOL_CALLS]name[ARGS]{…}, an id between them, or no [ARGS].
    private CallHeader? Named()
    {
        int first = _at;
        while (_at < _text.Length && _text[_at] is not ('[' or '{' or ' ' or '\n')) _at++;
        string name = _text[first.._at].ToString();
        if (name.Length is 0 or > MaxNameLength) return null;
        SkipSpace();
        if (TakeWord(DialectSyntax.CallIdMark))
        {
            while (_at < _text.Length && char.IsAsciiLetterOrDigit(_text[_at])) _at++;
            SkipSpace();
        }

        if (!_starved) TakeWord(DialectSyntax.ArgumentsMark);
        return !_starved && Peek() == '{' ? new CallHeader(CallHeaderKind.Open, _at) { Name = name } : null;
    }

    // <function=name> and parameters in tags, or an object; what a constrained answer has there is the generic form.
    private CallHeader? Tagged(TagSyntax tags)
    {
        if (!TakeWord(tags.Call)) return null;
        if (Peek() is '{' or '[') return Json();
        if (Name(tags.CallEnd) is not { } name) return null;
        if (!tags.HasLines) return new CallHeader(CallHeaderKind.Open, _at) { Name = name, Form = ArgumentForm.Tagged };
        if (Peek() is not char next) return null;
        return new CallHeader(CallHeaderKind.Open, _at) { Name = name, Form = next == '{' ? ArgumentForm.Json : ArgumentForm.Tagged };
    }

    // <｜tool▁call▁begin｜>name<｜tool▁sep｜>{…}, or the kind in the name's place, and then the name on a line and a fence.
    private CallHeader? Separated()
    {
        TakeWord(DialectSyntax.CallBeginMark);
        if (_starved) return null;
        if (Peek() is '{' or '[') return Json();
        if (Name(DialectSyntax.SeparatorMark) is not { } name || Peek() is not char next) return null;
        if (next == '{') return new CallHeader(CallHeaderKind.Open, _at) { Name = name };
        if (Name("\n") is not { } second) return null;
        SkipSpace();
        TakeWord("```json");
        return !_starved && Peek() == '{' ? new CallHeader(CallHeaderKind.Open, _at) { Name = second } : null;
    }

    // name(…), or print(name(…)); other code is no call.
    private CallHeader? Python(IReadOnlySet<string> names)
    {
        TakeWord("print(");
        if (!_starved) TakeWord("default_api.");
        if (_starved) return null;
        int first = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-' or '.')) _at++;
        _starved = _at == _text.Length;
        string name = _text[first.._at].ToString();
        return !_starved && _text[_at] == '(' && names.Contains(name) ? new CallHeader(CallHeaderKind.Open, _at) { Name = name, Form = ArgumentForm.Loose, OpensList = true } : null;
    }

    // call:name{…}
    private CallHeader? Called()
    {
        if (!TakeWord("call:") || Name("{") is not { } name) return null;
        return new CallHeader(CallHeaderKind.Open, _at - 1) { Name = name, Form = ArgumentForm.Loose };
    }

    /// <summary>Takes a name and what ends it.</summary>
    private string? Name(string end)
    {
        ReadOnlySpan<char> rest = _text[_at..];
        int length = rest.IndexOf(end, StringComparison.Ordinal);
        if (length < 0)
        {
            _starved = rest.Length <= MaxNameLength + end.Length;
            return null;
        }

        _at += length + end.Length;
        string name = rest[..length].Trim().ToString();
        return name.Length is > 0 and <= MaxNameLength && name.AsSpan().IndexOfAny(" \n<") < 0 ? name : null;
    }

    // <|channel|>commentary to=functions.name <|constrain|>json<|message|>{…}; the recipient may stand before the channel too.
    private CallHeader? Message()
    {
        int end = _text.IndexOf(DialectSyntax.MessageMark, StringComparison.Ordinal);
        _starved = end < 0;
        if (_starved) return null;
        ReadOnlySpan<char> header = _text[..end];
        _at = end + DialectSyntax.MessageMark.Length;
        int recipient = header.IndexOf(DialectSyntax.Recipient, StringComparison.Ordinal);
        if (recipient < 0) return new CallHeader(CallHeaderKind.Markup, _at);
        header = header[(recipient + DialectSyntax.Recipient.Length)..];
        int length = header.IndexOfAny(" \n<");
        string name = (length < 0 ? header : header[..length]).ToString();
        return name.Length is > 0 and <= MaxNameLength && Peek() == '{' ? new CallHeader(CallHeaderKind.Open, _at) { Name = name } : null;
    }

    private CallHeader? Json()
    {
        bool opensList = Take('[');
        if (_starved || !Take('{')) return null;
        string? name = null, arguments = null;
        int depth = 1;
        while (true)
        {
            bool closes = Take('}');
            if (closes && --depth == 0)
                return name is null ? null : new CallHeader(CallHeaderKind.Whole, _at) { Name = name, Arguments = arguments ?? "{}", OpensList = opensList };
            if (!closes)
            {
                if (_starved || Text() is not string key || !Take(':')) return null;
                if (_isStrict && (name is null ? key is not "name" : key is not ("arguments" or "parameters") || Peek() != '{')) return null;
                if (key == "function" && depth == 1 && Peek() == '{')
                {
                    _at++;
                    depth++;
                    continue;
                }

                switch (key)
                {
                    case "name":
                    case "tool_name" when _isCohere:
                        name = Text();
                        if (name is null || name.Length is 0 or > MaxNameLength || _known?.Contains(name) == false) return null;
                        break;
                    case "arguments" or "parameters":
                        char? first = Peek();
                        if (first is not ('{' or '"' or 'n')) return null;
                        if (name is not null && first != 'n') return new CallHeader(CallHeaderKind.Open, _at) { Name = name, Depth = depth, OpensList = opensList };
                        if (Value() is not string value) return null;
                        arguments = value[0] switch { '"' => Unquote(value), 'n' => null, _ => value };
                        break;
                    default:
                        if ((_known is not null && key is not ("type" or "id" or "tool_call_id")) || Value() is null) return null;
                        break;
                }
            }

            if (!Take(',') && (_starved || Peek() != '}')) return null;
        }
    }

    private char? Peek()
    {
        SkipSpace();
        if (_at < _text.Length) return _text[_at];
        _starved = true;
        return null;
    }

    private bool Take(char c)
    {
        if (Peek() != c) return false;
        _at++;
        return true;
    }

    private bool TakeWord(string word)
    {
        ReadOnlySpan<char> rest = _text[_at..];
        if (rest.StartsWith(word, StringComparison.Ordinal))
        {
            _at += word.Length;
            return true;
        }

        _starved = word.AsSpan().StartsWith(rest, StringComparison.Ordinal);
        return false;
    }

    private string? Text()
        => Peek() == '"' && Value() is string quoted && !(_isStrict && quoted.Contains('\\', StringComparison.Ordinal)) ? Unquote(quoted) : null;

    private string? Value()
    {
        SkipSpace();
        var scanner = new JsonScanner();
        var value = new StringBuilder();
        for (; _at < _text.Length; _at++)
        {
            switch (scanner.Step(_text[_at], value))
            {
                case ScanStep.Done:
                    _at++;
                    return value.ToString();
                case ScanStep.DoneBefore:
                    return value.ToString();
                case ScanStep.Invalid:
                    return null;
            }
        }

        _starved = true;
        return null;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n' or '\r' or '\t') _at++;
    }

    private static string Unquote(string quoted)
    {
        var unquoter = new JsonUnquoter();
        var text = new StringBuilder();
        foreach (char c in quoted) unquoter.Step(c, text);
        return text.ToString();
    }
}
