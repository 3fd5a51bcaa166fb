using System.Globalization;
using System.Text;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Gbnf;

/// <summary>Reads grammars in llama.cpp's notation (GBNF) and writes their rules as nodes.</summary>
internal sealed class GbnfParser
{
    private const string Location = "guided_grammar";
    private const string Root = "root";

    /// <summary>Up to so many, repetitions are written out, which keeps them cheap to follow; beyond, they are counted.</summary>
    private const int MostWrittenOut = 64;

    private readonly int[] _text;
    private readonly CharacterEdges _edges = new(isJson: false);
    private readonly Dictionary<string, GrammarRule> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);
    private int _at;
    private int _depth;
    private int _nodes;

    private GbnfParser(string source)
    {
        if (source.Length > GrammarLimits.SourceLength) throw GrammarException.TooLarge(Location, "the grammar is too long");
        _text = [.. source.EnumerateRunes().Select(rune => rune.Value)];
    }

    /// <summary>The rule <c>root</c> of a grammar.</summary>
    /// <exception cref="GrammarException">It is not well formed.</exception>
    public static GrammarRule Parse(string source)
    {
        var parser = new GbnfParser(source);
        parser.SkipSpace(newLines: true);
        while (parser._at < parser._text.Length) parser.ParseRule();
        foreach ((string name, int place) in parser._uses)
        {
            if (!parser._defined.Contains(name)) throw parser.Invalid($"the rule '{name}' is used and not defined", place);
        }

        return parser._defined.Contains(Root) ? parser._rules[Root] : throw GrammarException.Invalid(Location, "there is no rule 'root'");
    }

    private int Current => _at < _text.Length ? _text[_at] : -1;

    private int Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : -1;

    private void ParseRule()
    {
        string name = ParseName();
        SkipSpace(newLines: false);
        if (Current != ':' || Peek(1) != ':' || Peek(2) != '=') throw Invalid("'::=' is missing");
        _at += 3;
        SkipSpace(newLines: true);
        // Of two rules of one name the last one holds, as in llama.cpp.
        GrammarNode start = New(), end = New();
        end.IsAccepting = true;
        ParseChoice(nested: false)(start, end);
        GrammarRule rule = Rule(name);
        rule.Start = start;
        _defined.Add(name);
        if (Current == '\r') _at++;
        if (Current == '\n') _at++;
        else if (Current != -1) throw Invalid("a rule does not end with its line");
        SkipSpace(newLines: true);
    }

    /// <summary>Parts come as what writes them between two nodes, so that a repetition can write them again.</summary>
    private Action<GrammarNode, GrammarNode> ParseChoice(bool nested)
    {
        if (++_depth > GrammarLimits.Depth) throw GrammarException.TooLarge(Location, "the grammar is nested too deeply");
        var parts = new List<Action<GrammarNode, GrammarNode>> { ParseSequence(nested) };
        while (Current == '|')
        {
            _at++;
            SkipSpace(newLines: true);
            parts.Add(ParseSequence(nested));
        }

        _depth--;
        return (from, to) =>
        {
            foreach (Action<GrammarNode, GrammarNode> part in parts)
            {
                GrammarNode own = New();
                from.Epsilons.Add(own);
                part(own, to);
            }
        };
    }

    private Action<GrammarNode, GrammarNode> ParseSequence(bool nested)
    {
        var parts = new List<Action<GrammarNode, GrammarNode>>();
        while (true)
        {
            Action<GrammarNode, GrammarNode>? part = ParsePart();
            if (part is null) break;
            SkipSpace(nested);
            while (ParseCounts(nested) is var (min, max)) part = Repeat(part, min, max);
            parts.Add(part);
        }

        return (from, to) =>
        {
            foreach (Action<GrammarNode, GrammarNode> part in parts)
            {
                GrammarNode next = New();
                part(from, next);
                from = next;
            }

            from.Epsilons.Add(to);
        };
    }

    private Action<GrammarNode, GrammarNode>? ParsePart()
    {
        int c = Current;
        switch (c)
        {
            case '"':
                return ParseLiteral();
            case '[':
                CodePointSet set = ParseClass();
                return (from, to) => _edges.Add(from, set, to);
            case '.':
                _at++;
                return (from, to) => _edges.Add(from, CodePointSet.All, to);
            case '(':
                _at++;
                SkipSpace(newLines: true);
                Action<GrammarNode, GrammarNode> inner = ParseChoice(nested: true);
                if (Current != ')') throw Invalid("a group does not end");
                _at++;
                return inner;
            case '<' or '!':
                throw GrammarException.Unenforceable(Location, "single tokens cannot be asked for");
            case '*' or '+' or '?' or '{':
                throw Invalid("a repetition follows nothing");
            default:
                if (!IsNameCharacter(c)) return null;
                int place = _at;
                string name = ParseName();
                _uses.TryAdd(name, place);
                GrammarRule rule = Rule(name);
                return (from, to) => from.Calls.Add(new CallEdge(rule, to));
        }
    }

    private Action<GrammarNode, GrammarNode> Repeat(Action<GrammarNode, GrammarNode> part, int min, int max)
    {
        // A rule of its own: what is repeated within a repetition would be written out again for each.
        GrammarRule? own = null;
        if (Math.Max(min, max == Repetition.Unbounded ? 0 : max) > MostWrittenOut)
        {
            return (from, to) =>
            {
                GrammarNode counter = New();
                counter.Repetition = new Repetition { First = Rule(), Then = Rule(), Min = min, Max = max, Exit = to };
                from.Epsilons.Add(counter);
            };
        }

        return (from, to) =>
        {
            for (int i = 0; i < min; i++) from = Call(from);
            if (max == Repetition.Unbounded)
            {
                GrammarNode loop = New();
                from.Epsilons.Add(loop);
                part(loop, loop);
                loop.Epsilons.Add(to);
                return;
            }

            for (int i = min; i < max; i++)
            {
                from.Epsilons.Add(to);
                from = Call(from);
            }

            from.Epsilons.Add(to);
        };

        GrammarNode Call(GrammarNode from)
        {
            GrammarNode next = New();
            from.Calls.Add(new CallEdge(Rule(), next));
            return next;
        }

        GrammarRule Rule()
        {
            if (own is not null) return own;
            own = new GrammarRule("repetition") { Start = New() };
            GrammarNode end = New();
            end.IsAccepting = true;
            part(own.Start, end);
            return own;
        }
    }

    private (int Min, int Max)? ParseCounts(bool nested)
    {
        (int, int) counts;
        switch (Current)
        {
            case '*': counts = (0, Repetition.Unbounded); break;
            case '+': counts = (1, Repetition.Unbounded); break;
            case '?': counts = (0, 1); break;
            case '{': counts = ParseBraces(); break;
            default: return null;
        }

        _at++;
        SkipSpace(nested);
        return counts;
    }

    private (int Min, int Max) ParseBraces()
    {
        _at++;
        SkipSpace(newLines: false);
        int? min = Number();
        SkipSpace(newLines: false);
        int? max = min;
        if (Current == ',')
        {
            _at++;
            SkipSpace(newLines: false);
            max = Number() ?? Repetition.Unbounded;
            SkipSpace(newLines: false);
        }

        if (min is null || Current != '}') throw Invalid("the counts of a repetition are broken");
        return min <= max ? (min.Value, max!.Value) : throw Invalid("the counts of a repetition are out of order");
    }

    private int? Number()
    {
        int start = _at;
        long value = 0;
        while (Current is >= '0' and <= '9') value = Math.Min(value * 10 + _text[_at++] - '0', int.MaxValue - 1);
        return _at == start ? null : (int)value;
    }

    private Action<GrammarNode, GrammarNode> ParseLiteral()
    {
        _at++;
        var characters = new List<int>();
        while (Current != '"')
        {
            if (Current == -1) throw Invalid("a text does not end");
            characters.Add(ParseCharacter());
        }

        _at++;
        return (from, to) =>
        {
            foreach (int character in characters)
            {
                GrammarNode next = New();
                _edges.Add(from, CodePointSet.Of(character), next);
                from = next;
            }

            from.Epsilons.Add(to);
        };
    }

    private CodePointSet ParseClass()
    {
        _at++;
        bool negated = Current == '^';
        if (negated) _at++;
        var ranges = new List<(int, int)>();
        while (Current != ']')
        {
            if (Current == -1) throw Invalid("a class of characters does not end");
            int low = ParseCharacter(), high = low;
            if (Current == '-' && Peek(1) != ']')
            {
                _at++;
                if (Current == -1) throw Invalid("a class of characters does not end");
                high = ParseCharacter();
                if (high < low) throw Invalid("the ends of a range are out of order");
            }

            ranges.Add((low, high));
        }

        _at++;
        CodePointSet set = CodePointSet.Of([.. ranges]);
        return negated ? set.Complement() : set;
    }

    private int ParseCharacter()
    {
        int c = _text[_at++];
        if (c != '\\') return c;
        if (Current == -1) throw Invalid("a backslash stands at the end");
        c = _text[_at++];
        return c switch
        {
            'x' => Hex(2),
            'u' => Hex(4),
            'U' => Hex(8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' or '-' or '^' => c,
            _ => throw Invalid($"'\\{new Rune(c)}' means nothing"),
        };
    }

    private int Hex(int count)
    {
        long value = 0;
        for (int i = 0; i < count; i++)
        {
            if (Current is < 0 or > 'f' || !int.TryParse([(char)Current], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int digit)) throw Invalid($"{count} hexadecimal digits are missing");
            value = value << 4 | (uint)digit;
            _at++;
        }

        return value <= CodePointSet.Last ? (int)value : throw Invalid("there is no such character");
    }

    private string ParseName()
    {
        var name = new StringBuilder();
        while (IsNameCharacter(Current)) name.Append((char)_text[_at++]);
        return name.Length > 0 ? name.ToString() : throw Invalid("the name of a rule is missing");
    }

    private void SkipSpace(bool newLines)
    {
        while (true)
        {
            if (Current is ' ' or '\t' || newLines && Current is '\r' or '\n')
            {
                _at++;
            }
            else if (Current == '#')
            {
                while (Current is not -1 and not '\r' and not '\n') _at++;
            }
            else
            {
                return;
            }
        }
    }

    private GrammarRule Rule(string name)
    {
        if (!_rules.TryGetValue(name, out GrammarRule? rule)) _rules.Add(name, rule = new GrammarRule(name));
        return rule;
    }

    private GrammarNode New()
    {
        if (++_nodes > GrammarLimits.Nodes) throw GrammarException.TooLarge(Location, "it needs too many states");
        return new GrammarNode();
    }

    private static bool IsNameCharacter(int c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '-' or '_';

    private GrammarException Invalid(string problem) => Invalid(problem, _at);

    private GrammarException Invalid(string problem, int place)
    {
        int line = 1;
        for (int i = 0; i < Math.Min(place, _text.Length); i++) line += _text[i] == '\n' ? 1 : 0;
        return GrammarException.Invalid(Location, $"{problem} in line {line.ToString(CultureInfo.InvariantCulture)}");
    }
}
