using System.Collections.Concurrent;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Json;
using Konko.Engine.Grammar.Regex;
using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Schema;

/// <summary>The formats of strings that are enforced, as regular expressions.</summary>
internal static class Formats
{
    private const string Digits63 = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private const string Hostname = Digits63 + @"(?:\." + Digits63 + ")*";

    // RFC 5321's syntax of a domain knows no lengths.
    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";

    // Nobody's calendar has a year 0000.
    private const string Year = @"(?:\d{3}[1-9]|\d\d[1-9]0|\d[1-9]00|[1-9]000)";
    private const string Date =
        "(?:" + Year + @"-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
        + @"|(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)";
    private const string Time =
        @"(?:(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))|23:59:60(?:\.\d+)?(?:[Zz]|[+-]00:00))";
    private const string Octet = @"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)";
    private const string Ipv4 = Octet + @"(?:\." + Octet + "){3}";
    private const string H16 = "[0-9A-Fa-f]{1,4}";
    private const string Ls32 = "(?:" + H16 + ":" + H16 + "|" + Ipv4 + ")";
    private const string Ipv6 =
        "(?:(?:" + H16 + ":){6}" + Ls32 + "|::(?:" + H16 + ":){5}" + Ls32 + "|(?:" + H16 + ")?::(?:" + H16 + ":){4}" + Ls32
        + "|(?:(?:" + H16 + ":){0,1}" + H16 + ")?::(?:" + H16 + ":){3}" + Ls32 + "|(?:(?:" + H16 + ":){0,2}" + H16 + ")?::(?:" + H16 + ":){2}" + Ls32
        + "|(?:(?:" + H16 + ":){0,3}" + H16 + ")?::" + H16 + ":" + Ls32 + "|(?:(?:" + H16 + ":){0,4}" + H16 + ")?::" + Ls32
        + "|(?:(?:" + H16 + ":){0,5}" + H16 + ")?::" + H16 + "|(?:(?:" + H16 + ":){0,6}" + H16 + ")?::)";
    private const string Percent = "%[0-9A-Fa-f]{2}";
    private const string PathCharacter = @"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|" + Percent + ")";
    private const string Authority =
        @"(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|" + Percent + @")*@)?(?:\[(?:" + Ipv6 + @"|v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|" + Percent + @")*)(?::\d*)?";
    private const string Tail = @"(?:\?(?:" + PathCharacter + @"|[/?])*)?(?:#(?:" + PathCharacter + @"|[/?])*)?";
    private const string Segments = "(?:/" + PathCharacter + "*)*";
    private const string Rooted = "//" + Authority + Segments + "|/(?:" + PathCharacter + "+" + Segments + ")?";
    private const string Uri = "[A-Za-z][A-Za-z0-9+.-]*:(?:" + Rooted + "|" + PathCharacter + "+" + Segments + "|)" + Tail;
    private const string RelativeSegment = @"(?:[A-Za-z0-9._~!$&'()*+,;=@-]|" + Percent + ")+";
    private const string JsonPointer = "(?:/(?:[^/~]|~[01])*)*";
    private const string Atom = @"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private const string Duration =
        @"P(?:\d+W|T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)";

    private static readonly Dictionary<string, string> s_expressions = new(StringComparer.Ordinal)
    {
        ["date"] = Date,
        ["time"] = Time,
        ["date-time"] = Date + "[Tt]" + Time,
        ["duration"] = Duration,
        ["uuid"] = "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
        ["email"] = "(?:" + Atom + @"(?:\." + Atom + @")*|""(?:[ !#-\[\]-~]|\\[ -~])*"")@(?:" + Label + @"(?:\." + Label + @")*|\[(?:" + Ipv4 + "|IPv6:" + Ipv6 + @")\])",
        ["hostname"] = Hostname,
        ["ipv4"] = Ipv4,
        ["ipv6"] = Ipv6,
        ["uri"] = Uri,
        ["uri-reference"] = "(?:" + Uri + "|(?:" + Rooted + "|" + RelativeSegment + Segments + "|)" + Tail + ")",
        ["json-pointer"] = @"(?:/(?:[^/~]|~[01]|[\n\r\u2028\u2029])*)*",
        ["relative-json-pointer"] = "(?:0|[1-9][0-9]*)(?:#|" + JsonPointer + ")",
    };

    private static readonly HashSet<string> s_unenforceable =
        new(["idn-email", "idn-hostname", "iri", "iri-reference", "uri-template", "regex"], StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, CharacterDfa> s_languages = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<CharacterDfa, GrammarRule> s_rules = new();

    /// <summary>The language of a format; null where the name is of none, which makes it an annotation.</summary>
    /// <exception cref="GrammarException">The format is a standard one that is not enforced.</exception>
    public static CharacterDfa? Find(string name, string location)
    {
        if (s_unenforceable.Contains(name)) throw GrammarException.Unenforceable(location, $"the format '{name}' cannot be enforced");
        return s_expressions.TryGetValue(name, out string? expression) ? s_languages.GetOrAdd(name, static (key, text) => Compile(key, text), expression) : null;
    }

    /// <summary>The rule of strings of a format, quotes included, which all grammars share; null where the language is of no format.</summary>
    public static GrammarRule? Rule(CharacterDfa language) =>
        s_languages.Values.Contains(language) ? s_rules.GetOrAdd(language, static language =>
        {
            var rule = new GrammarRule("format");
            var content = new GrammarNode();
            JsonRules.Byte(rule.Start, '"', content);
            content.Epsilons.Add(DfaNodes.Add(language, new CharacterEdges(isJson: true, JsonRules.Characters), JsonRules.CloseString, rule.Name, JsonRules.Accept()));
            GrammarFinisher.Finish(rule, rule.Name, shared: true);
            return rule;
        }) : null;

    private static CharacterDfa Compile(string name, string expression)
    {
        var budget = new WorkBudget();
        CharacterDfa language = RegexNfa.Compile(RegexParser.Parse(expression, name), isAnchored: true, budget, name);
        return name == "hostname" ? language.Intersect(CharacterDfa.OfLength(1, 253, budget, name), budget, name) : language;
    }
}
