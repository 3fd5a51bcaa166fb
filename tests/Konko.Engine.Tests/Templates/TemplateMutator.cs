using System.Globalization;
using System.Text.RegularExpressions;

namespace Konko.Engine.Tests.Templates;

/// <summary>
/// Makes hostile variants of templates that keep to the grammar for the most part: tokens spliced, expressions exchanged and
/// wrapped, blocks doubled, moved and nested, loops and recursion around them, literals that are huge. The variant of a number
/// is always the same.
/// </summary>
/// <param name="sources">Good templates, which variants also borrow from.</param>
/// <param name="seed">Another seed makes other variants.</param>
internal sealed partial class TemplateMutator(IReadOnlyList<string> sources, int seed)
{
    private static readonly string[] s_filters =
    [
        "trim", "upper", "title", "length", "list", "string", "int", "float", "sort", "reverse", "unique", "first", "last", "tojson", "tojson(indent=8)", "join", "join('xxxxxxxx')",
        "replace('', 'xx')", "replace('e', 'eeeeeeee')", "map('upper')", "map(attribute='content')", "selectattr('role')", "batch(3)", "batch(100000, 0)", "slice(100000)", "indent(5000)",
        "center(100000)", "sum", "groupby('role')", "dictsort", "items", "default(messages)", "format(messages)", "truncate(5)", "safe", "e", "attr('x')", "round(500)", "abs",
    ];

    private static readonly string[] s_suffixes =
    [
        " * 100000", " * 3", " ~ messages", " + ' '", " ** 999", " % 7", " // 0", "[0]", "[-1]", "[::-1]", "[99999:]", ".items()", ".keys()", ".split()", ".split('')", ".split('e')",
        ".strip()", ".replace('e', 'eee')", ".format(messages)", ".join(messages)", ".zfill(100000)", ".content", ".role", " is string", " is defined", " in messages",
        " if messages else tools", " and messages", " or tools", "()", "(messages)", " == messages", " < 3",
    ];

    private static readonly string[] s_atoms =
    [
        "messages", "messages[0]", "message", "message.content", "tools", "loop", "loop.index", "ns", "x", "f", "caller", "namespace", "none", "true", "0", "-1", "''", "[]", "{}", "range(100000)",
        "namespace(x=[])", "[messages, messages]", "{'a': messages}", "1e308", "99999999999999999999999", "range(0, 100, 7)", "cycler", "dict(a=1)", "lipsum", "raise_exception('no')", "strftime_now('%Y')",
    ];

    /// <summary>A variant, changed in one to three places.</summary>
    public string Mutate(int number)
    {
        var random = new Random(unchecked((int)(((uint)seed * 0x9e3779b1u) ^ ((uint)number * 0x85ebca77u))));
        string source = sources[random.Next(sources.Count)];
        for (int changes = 1 + random.Next(3); changes > 0; changes--) source = Change(source, random);
        return source;
    }

    private string Change(string source, Random random)
    {
        Match[] tags = [.. Tag().Matches(source).Cast<Match>()];
        if (tags.Length == 0) return source + "{{ " + Expression(random, 3) + " }}";
        if (random.Next(2) == 0) return ChangeBlocks(source, tags, random);
        Match tag = tags[random.Next(tags.Length)];
        string[] tokens = [.. Token().Matches(tag.Value).Select(match => match.Value)];
        int inner = Math.Max(1, tokens.Length - 2);
        int at = Math.Min(1 + random.Next(inner), tokens.Length - 1), other = Math.Min(1 + random.Next(inner), tokens.Length - 1);
        // Two of three times the place of a value, where another value keeps to the grammar.
        int[] values = [.. Enumerable.Range(0, tokens.Length).Where(i => Value().IsMatch(tokens[i]))];
        bool keeps = values.Length > 0 && random.Next(3) > 0;
        if (keeps) at = values[random.Next(values.Length)];
        switch (random.Next(keeps ? 4 : 0, 9))
        {
            case 0: tokens[at] = ""; break;
            case 1: tokens[at] += " " + tokens[other]; break;
            case 2: (tokens[at], tokens[other]) = (tokens[other], tokens[at]); break;
            case 3: tokens[at] = Borrow(random); break;
            case 4: tokens[at] += "|" + s_filters[random.Next(s_filters.Length)]; break;
            case 5: tokens[at] += s_suffixes[random.Next(s_suffixes.Length)]; break;
            case 6: tokens[at] = "(" + Expression(random, 4) + ")"; break;
            case 7: tokens[at] = Huge(random); break;
            default: tokens[at] = Nested(random, tokens[at]); break;
        }

        return source[..tag.Index] + string.Join(' ', tokens) + source[(tag.Index + tag.Length)..];
    }

    private string ChangeBlocks(string source, Match[] tags, Random random)
    {
        // From the beginning of one tag to the end of another; mostly of those that belong together.
        int first = random.Next(tags.Length), last = Partner(tags, first);
        if (random.Next(5) == 0) last = Math.Min(tags.Length - 1, first + random.Next(6));
        int start = tags[first].Index, end = tags[last].Index + tags[last].Length;
        string block = source[start..end], before = source[..start], after = source[end..];
        return random.Next(12) switch
        {
            0 => before + after,
            1 => before + block + block + after,
            2 => before + block.Insert(tags[first].Length, block) + after,
            3 => before + after.Insert(random.Next(after.Length + 1), block),
            4 => before + $"{{% for i in range({Power(random)}) %}}" + block + "{% endfor %}" + after,
            5 => before + "{% for i in messages %}{% for j in range(" + Power(random) + ") %}" + block + "{% endfor %}{% endfor %}" + after,
            6 => before + "{% macro f(x) %}" + block + "{{ f(x) }}{% endmacro %}{{ f(messages) }}" + after,
            7 => before + "{% set x = " + Expression(random, 3) + " %}{% for i in range(" + Power(random) + ") %}{% set x = x ~ x %}{% endfor %}" + block + after,
            8 => before + "{% set ns = namespace(x=" + Expression(random, 2) + ") %}{% for i in range(" + Power(random) + ") %}{% set ns.x = " + Growth(random) + " %}{% endfor %}{{ ns.x }}" + block + after,
            9 => before + "{% for m in [messages] recursive %}" + block + "{{ loop(m) }}{% endfor %}" + after,
            10 => before + "{% set x %}" + block + "{% endset %}{% filter " + s_filters[random.Next(s_filters.Length)] + " %}{{ x }}" + block + "{% endfilter %}" + after,
            _ => before + string.Concat(Enumerable.Repeat("{% if true %}", random.Next(1, 200))) + block + after,
        };
    }

    /// <summary>The tag that closes a block, itself where it opens none.</summary>
    private static int Partner(Match[] tags, int first)
    {
        if (!Opening().IsMatch(tags[first].Value)) return first;
        int depth = 0;
        for (int i = first; i < tags.Length; i++)
        {
            if (Opening().IsMatch(tags[i].Value)) depth++;
            else if (Closing().IsMatch(tags[i].Value) && --depth == 0) return i;
        }

        return first;
    }

    private static string Expression(Random random, int depth)
    {
        if (depth == 0 || random.Next(4) == 0) return s_atoms[random.Next(s_atoms.Length)];
        string inner = Expression(random, depth - 1);
        return random.Next(7) switch
        {
            0 => inner + "|" + s_filters[random.Next(s_filters.Length)],
            1 => inner + s_suffixes[random.Next(s_suffixes.Length)],
            2 => $"[{inner}, {Expression(random, depth - 1)}]",
            3 => $"({inner} ~ {Expression(random, depth - 1)})",
            4 => $"{{'a': {inner}, 'b': {Expression(random, depth - 1)}}}",
            5 => $"({inner} if {Expression(random, depth - 1)} else {inner})",
            _ => $"f({inner})",
        };
    }

    private string Borrow(Random random)
    {
        MatchCollection tags = Tag().Matches(sources[random.Next(sources.Count)]);
        if (tags.Count == 0) return "x";
        MatchCollection tokens = Token().Matches(tags[random.Next(tags.Count)].Value);
        return string.Join(' ', tokens.Skip(random.Next(tokens.Count)).Take(random.Next(1, 4)).Select(match => match.Value));
    }

    private static string Huge(Random random) => random.Next(6) switch
    {
        0 => new string('9', random.Next(1, 5_000)),
        1 => "'" + new string('x', random.Next(1, 100_000)) + "'",
        2 => "[" + string.Join(',', Enumerable.Repeat("1", random.Next(1, 5_000))) + "]",
        3 => "1e" + random.Next(1_000).ToString(CultureInfo.InvariantCulture),
        4 => string.Join(" ~ ", Enumerable.Repeat("messages", random.Next(1, 500))),
        _ => new string('a', random.Next(1, 50_000)),
    };

    private static string Nested(Random random, string inner)
    {
        int depth = random.Next(1, random.Next(4) == 0 ? 20_000 : 120);
        (string open, string close) = random.Next(5) switch
        {
            0 => ("(", ")"),
            1 => ("[", "]"),
            2 => ("{1: ", "}"),
            3 => ("not ", ""),
            _ => ("f(", ")"),
        };
        return string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
    }

    private static string Growth(Random random) => random.Next(5) switch
    {
        0 => "ns.x + ns.x",
        1 => "[ns.x, ns.x]",
        2 => "ns.x ~ ns.x",
        3 => "{'a': ns.x}",
        _ => "ns.x * 2",
    };

    private static string Power(Random random) => ((long)Math.Pow(10, random.Next(1, 6))).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{[{%].*?[%}]\}", RegexOptions.Singleline)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{[{%][-+]?|[-+]?[%}]\}|'(?:[^'\\]|\\.)*'|""(?:[^""\\]|\\.)*""|\w+|[=!<>]=|//|\*\*|\S", RegexOptions.Singleline)]
    private static partial Regex Token();

    [GeneratedRegex(@"^(?:['""].*|(?!(?:if|for|in|set|else|elif|not|is|and|or|macro|call|filter|with|break|continue|recursive|end\w+)$)\w+)$", RegexOptions.Singleline)]
    private static partial Regex Value();

    [GeneratedRegex(@"^\{%[-+]?\s*(?:if|for|macro|call|filter|with|set\s+[\w.]+\s*-?%)")]
    private static partial Regex Opening();

    [GeneratedRegex(@"^\{%[-+]?\s*end")]
    private static partial Regex Closing();
}
