using System.Text;

namespace Konko.Server.Generation.Tools;

/// <summary>
/// Finds tool calls in a text that comes in pieces: holds back what may be the beginning of one, gives the arguments out as
/// they come, and the rest as text. Where the pieces are cut makes no difference to what comes out in the end.
/// </summary>
/// <remarks>What turns out not to be a call is text, but for special tokens, which are never shown.</remarks>
internal sealed class CallParser
{
    // Longest text before a call's arguments; keeps what is held, and read again with every piece, small.
    private const int MaxHeader = 4096;

    // Most blanks before a call that are not shown; more of them would be held for long.
    private const int MaxLead = 64;

    private readonly DialectSyntax _syntax;
    private readonly IReadOnlySet<string> _names;
    private readonly int _maxCalls;
    private readonly bool _isStrict;
    private readonly Func<string, string, ValueTypes> _types;
    private readonly StringBuilder _held = new();
    private readonly List<bool> _special = [];
    private readonly StringBuilder _content = new();
    private readonly List<CallPiece> _calls = [];
    private readonly StringBuilder _arguments = new();
    private State _state = State.Text;
    private JsonScanner _scanner = new();
    private JsonUnquoter? _unquoter;
    private ArgumentReader? _reader;
    private string _opener = "";
    private bool _isBare;
    private bool _atStart = true;
    private bool _inList;
    private int _lead;
    private int _depth;

    /// <summary>A parser at the beginning of an answer.</summary>
    /// <param name="dialect">How the model writes calls.</param>
    /// <param name="names">The names of the request's tools.</param>
    /// <param name="maxCalls">Most calls; where another begins, nothing more is taken.</param>
    /// <param name="isStrict">Whether a call without an opener must be written in the one way that the grammar of strict calls knows.</param>
    /// <param name="types">The types that a parameter of a function may have; null where nothing is known of them.</param>
    public CallParser(ToolDialect dialect, IReadOnlySet<string> names, int maxCalls, bool isStrict = false, Func<string, string, ValueTypes>? types = null)
    {
        _types = types ?? ((_, _) => ValueTypes.Any);
        _isStrict = isStrict;
        _syntax = DialectSyntax.Of(dialect);
        _names = names;
        _maxCalls = maxCalls;
    }

    private enum State
    {
        Text,
        Header,
        Arguments,
        Rest,
        Between,
    }

    /// <summary>Calls that have begun.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there was a call whose arguments ended before they were complete JSON.</summary>
    public bool Broken { get; private set; }

    /// <summary>Whether another call than the last that is allowed has begun; nothing more is taken.</summary>
    public bool Finished { get; private set; }

    /// <summary>Whether a special token matters here.</summary>
    /// <param name="literal">Its literal text.</param>
    public bool IsMark(string literal) => _syntax.IsMark(literal);

    /// <summary>Takes the next piece of the answer.</summary>
    /// <param name="text">The text, or a special token's literal text.</param>
    /// <param name="isSpecial">Whether it is a special token's.</param>
    public void Append(string text, bool isSpecial)
    {
        if (Finished) return;
        _held.Append(text);
        for (int i = 0; i < text.Length; i++) _special.Add(isSpecial);
        Advance(isEnd: false);
    }

    /// <summary>The answer goes no further.</summary>
    public void Complete()
    {
        if (Finished) return;
        Advance(isEnd: true);
        Broken |= _state == State.Arguments;
    }

    /// <summary>The text that has become safe, and what the calls have got, since the last time.</summary>
    /// <param name="calls">The pieces of the calls, in order.</param>
    public string Take(List<CallPiece> calls)
    {
        FlushArguments();
        calls.AddRange(_calls);
        _calls.Clear();
        string content = _content.ToString();
        _content.Clear();
        return content;
    }

    private void Advance(bool isEnd)
    {
        while (_held.Length > 0 && !Finished && Step(_held.ToString(), isEnd))
        {
        }
    }

    /// <summary>Does what can be done with what is held.</summary>
    /// <returns>Whether there may be more to do.</returns>
    private bool Step(string held, bool isEnd) => _state switch
    {
        State.Text => ReadText(held, isEnd),
        State.Header => ReadHeader(held, isEnd),
        State.Arguments => ReadArguments(held),
        State.Rest => ReadRest(held, isEnd),
        _ => ReadBetween(held, isEnd),
    };

    private bool ReadText(string held, bool isEnd)
    {
        int first = SpaceFrom(held, 0);
        if (first > MaxLead)
        {
            EmitText(first - MaxLead);
            return true;
        }

        if (_atStart && first < held.Length && BareOpener(held, first, isEnd) is { } bare)
        {
            if (bare.IsPartial) return false;
            return OpenAt(first, bare.Opener, isBare: _syntax.Dialect != ToolDialect.Harmony);
        }

        for (int at = first; at < held.Length; at++)
        {
            if (Match(_syntax.Openers, held, at) is not { } match) continue;
            if (match.IsPartial && isEnd) continue;
            int lead = at;
            while (lead > 0 && at - lead < MaxLead && IsSpace(held[lead - 1])) lead--;
            EmitText(lead);
            return !match.IsPartial && OpenAt(at - lead, match.Opener, isBare: false);
        }

        // The blank before a call is no part of the text, so it waits too.
        int end = held.Length;
        while (!isEnd && end > 0 && held.Length - end < MaxLead && IsSpace(held[end - 1])) end--;
        EmitText(end);
        return false;
    }

    private bool OpenAt(int lead, string opener, bool isBare)
    {
        (_state, _lead, _opener, _isBare, _inList) = (State.Header, lead, opener, isBare, false);
        return true;
    }

    private bool ReadHeader(string held, bool isEnd)
    {
        int before = _lead + _opener.Length;
        int start = _syntax.Headed.Contains(_opener) ? _lead : before;
        ReadOnlySpan<char> text = held.AsSpan(start, Math.Min(held.Length - start, MaxHeader));
        CallHeader header = CallHeaderReader.Read(_syntax.Dialect, text, _isBare ? _names : null, _names, _isBare && _isStrict);
        if (header.Kind == CallHeaderKind.More)
        {
            if (!isEnd && text.Length < MaxHeader) return false;
            header = new CallHeader(CallHeaderKind.None);
        }

        switch (header.Kind)
        {
            case CallHeaderKind.None:
                EmitText(Math.Max(before, _lead + 1));
                _state = State.Text;
                return true;
            case CallHeaderKind.Markup:
                Drop(start + header.Length);
                (_state, _atStart) = (State.Text, false);
                return true;
            case var _ when Count == _maxCalls:
                Finished = true;
                return false;
        }

        Drop(start + header.Length);
        _calls.Add(new CallPiece(Count++, header.Name, ""));
        _atStart = false;
        _inList |= header.OpensList;
        _depth = header.Depth;
        if (header.Kind == CallHeaderKind.Whole)
        {
            _arguments.Append(header.Arguments);
            FlushArguments();
            _state = State.Between;
            return true;
        }

        _reader = header.Form switch
        {
            ArgumentForm.Tagged => new TaggedArguments(_syntax.Tags!, parameter => _types(header.Name, parameter)),
            ArgumentForm.Loose => new LooseArguments(isPython: _syntax.Dialect == ToolDialect.Gemma),
            _ => null,
        };
        if (_reader is null) (_scanner, _unquoter) = (new JsonScanner(), held[start + header.Length] == '"' ? new JsonUnquoter() : null);
        _state = State.Arguments;
        return true;
    }

    private bool ReadArguments(string held)
    {
        for (int i = 0; i < held.Length; i++)
        {
            // Between tags and marks a special token is what it spells.
            ScanStep step = _reader is not null ? _reader.Step(held[i], _arguments) : _special[i] ? ScanStep.Invalid
                : _unquoter is not null ? _unquoter.Step(held[i], _arguments)
                : _scanner.Step(held[i], _arguments);
            if (step == ScanStep.More) continue;
            FlushArguments();
            Broken |= step != ScanStep.Done;
            _state = step != ScanStep.Done ? State.Text : _depth > 0 ? State.Rest : State.Between;
            Drop(step == ScanStep.Done ? i + 1 : i);
            return true;
        }

        Drop(held.Length);
        return false;
    }

    private bool ReadRest(string held, bool isEnd)
    {
        int? length = CallHeaderReader.Rest(held.AsSpan(0, Math.Min(held.Length, MaxHeader)), _depth, out bool starved);
        if (length is null && starved && !isEnd && held.Length < MaxHeader) return false;
        // The call is complete whether or not the model closes what it opened.
        Drop(length ?? 0);
        _state = State.Between;
        return true;
    }

    private bool ReadBetween(string held, bool isEnd)
    {
        for (int at = 0; (at = SpaceFrom(held, at)) < held.Length;)
        {
            if (held[at] is ',' or ';')
            {
                at++;
                continue;
            }

            if (held[at] == ']' && _inList)
            {
                _inList = false;
                Drop(at + 1);
                return true;
            }

            Opening? closer = Match(_syntax.Closers, held, at), opener = Match(_syntax.Openers, held, at);
            if (!isEnd && (closer is { IsPartial: true } || opener is { IsPartial: true })) return false;
            if (closer is { IsPartial: false })
            {
                _inList &= closer.Value.Opener != DialectSyntax.Fence;
                Drop(at + closer.Value.Opener.Length);
                return true;
            }

            bool isCode = _inList && _syntax.Dialect == ToolDialect.Gemma && char.IsLetter(held[at]);
            if (opener is { IsPartial: false } || held[at] is not ('{' or '[') && !isCode) _state = State.Text;
            else OpenNext(at);
            return true;
        }

        if (isEnd) Drop(held.Length);
        return false;
    }

    // Only in a list is it certain that what follows a call is a call.
    private void OpenNext(int lead) => (_state, _lead, _opener, _isBare) = (State.Header, lead, "", !_inList);

    private Opening? BareOpener(string held, int at, bool isEnd)
    {
        if (_syntax.Dialect == ToolDialect.Harmony) return Partial(Match([DialectSyntax.Recipient], held, at));
        if (Match(_syntax.Openers, held, at) is { } opener && !(opener.IsPartial && isEnd)) return opener.IsPartial ? opener : null;
        if (held[at] is '{' or '[' && !_special[at]) return new Opening("", false);
        return Partial(Match(DialectSyntax.Fences, held, at));

        Opening? Partial(Opening? match) => match is { IsPartial: true } && isEnd ? null : match;
    }

    private static Opening? Match(string[] words, string held, int at)
    {
        ReadOnlySpan<char> rest = held.AsSpan(at);
        bool partial = false;
        foreach (string word in words)
        {
            if (rest.StartsWith(word, StringComparison.Ordinal)) return new Opening(word, false);
            partial |= word.AsSpan().StartsWith(rest, StringComparison.Ordinal);
        }

        return partial ? new Opening("", true) : null;
    }

    private static int SpaceFrom(string held, int at)
    {
        while (at < held.Length && IsSpace(held[at])) at++;
        return at;
    }

    private static bool IsSpace(char c) => c is ' ' or '\n' or '\r' or '\t';

    private void FlushArguments()
    {
        if (_arguments.Length == 0) return;
        _calls.Add(new CallPiece(Count - 1, null, _arguments.ToString()));
        _arguments.Clear();
    }

    private void EmitText(int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (_special[i]) continue;
            _content.Append(_held[i]);
            if (!IsSpace(_held[i])) _atStart = false;
        }

        Drop(length);
    }

    private void Drop(int length)
    {
        _held.Remove(0, length);
        _special.RemoveRange(0, length);
    }

    private readonly record struct Opening(string Opener, bool IsPartial);
}
