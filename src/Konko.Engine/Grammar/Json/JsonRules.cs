using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Json;

/// <summary>
/// The rules that all JSON has in common: any string, any number, any value. They are shared by all grammars, so that a
/// vocabulary works them out once.
/// </summary>
/// <remarks>The language: no white space but at most one blank after <c>:</c> and <c>,</c>; escapes only where JSON asks for one.</remarks>
internal static class JsonRules
{
    static JsonRules()
    {
        CharacterEdges characters = Characters;
        StringContent = new GrammarNode();
        characters.Add(StringContent, CodePointSet.All, StringContent);
        Byte(StringContent, '"', Accept());
        Byte(String.Start, '"', StringContent);

        StringRest.Start = StringContent;
        characters.Add(Character.Start, CodePointSet.All, Accept());
        CloseString = new GrammarNode();
        Byte(CloseString, '"', Accept());

        MakeNumber(Number.Start);
        MakeInteger(Integer.Start);
        MakeArray();
        MakeObject();
        GrammarNode value = Value.Start;
        foreach (GrammarRule rule in (ReadOnlySpan<GrammarRule>)[String, Number, Array, Object]) value.Calls.Add(new CallEdge(rule, Accept()));
        foreach (string literal in (ReadOnlySpan<string>)["null", "true", "false"]) Literal(value, literal).IsAccepting = true;

        var all = new GrammarRule("json");
        foreach (GrammarRule rule in (ReadOnlySpan<GrammarRule>)[Value, Character, Integer]) all.Start.Calls.Add(new CallEdge(rule, Accept()));
        all.Start.Epsilons.Add(CloseString);
        Nodes = GrammarFinisher.Finish(all, "json", shared: true);
    }

    /// <summary>The characters of strings; finished.</summary>
    public static CharacterEdges Characters { get; } = new(isJson: true);

    /// <summary>Any string with its quotes.</summary>
    public static GrammarRule String { get; } = new("string");

    /// <summary>Within any string, after whole characters.</summary>
    public static GrammarNode StringContent { get; }

    /// <summary>What is left of any string, with the quote that ends it.</summary>
    public static GrammarRule StringRest { get; } = new("string");

    /// <summary>One character of a string.</summary>
    public static GrammarRule Character { get; } = new("character");

    /// <summary>Before the quote that ends a string and its rule.</summary>
    public static GrammarNode CloseString { get; }

    /// <summary>Any number.</summary>
    public static GrammarRule Number { get; } = new("number");

    /// <summary>Any integer, without a fraction or an exponent.</summary>
    public static GrammarRule Integer { get; } = new("integer");

    /// <summary>Any array.</summary>
    public static GrammarRule Array { get; } = new("array");

    /// <summary>Any object.</summary>
    public static GrammarRule Object { get; } = new("object");

    /// <summary>Any value.</summary>
    public static GrammarRule Value { get; } = new("value");

    /// <summary>All their nodes.</summary>
    public static IReadOnlyList<GrammarNode> Nodes { get; }

    /// <summary>Lets one byte lead from a node to another.</summary>
    public static void Byte(GrammarNode from, char value, GrammarNode to) => from.Edges.Add(new ByteEdge((byte)value, (byte)value, to));

    /// <summary>Lets bytes lead from a node on.</summary>
    /// <returns>The node after them.</returns>
    public static GrammarNode Literal(GrammarNode from, string ascii)
    {
        foreach (char value in ascii)
        {
            var next = new GrammarNode();
            Byte(from, value, next);
            from = next;
        }

        return from;
    }

    /// <summary>The node after a separator and at most one blank.</summary>
    public static GrammarNode Separator(GrammarNode from, char separator)
    {
        GrammarNode after = new(), next = new();
        Byte(from, separator, after);
        Byte(after, ' ', next);
        after.Epsilons.Add(next);
        return next;
    }

    /// <summary>A node at which a rule ends.</summary>
    public static GrammarNode Accept() => new() { IsAccepting = true };

    private static void MakeNumber(GrammarNode start)
    {
        GrammarNode sign = new(), zero = new() { IsAccepting = true }, digits = new() { IsAccepting = true };
        GrammarNode point = new(), fraction = new() { IsAccepting = true };
        GrammarNode exponent = new(), exponentSign = new();
        Byte(start, '-', sign);
        start.Epsilons.Add(sign);
        Byte(sign, '0', zero);
        Digits(sign, '1', digits);
        Digits(digits, '0', digits);
        foreach (GrammarNode whole in (ReadOnlySpan<GrammarNode>)[zero, digits])
        {
            Byte(whole, '.', point);
            Byte(whole, 'e', exponent);
            Byte(whole, 'E', exponent);
        }

        Digits(point, '0', fraction);
        Digits(fraction, '0', fraction);
        Byte(fraction, 'e', exponent);
        Byte(fraction, 'E', exponent);
        Byte(exponent, '+', exponentSign);
        Byte(exponent, '-', exponentSign);
        exponent.Epsilons.Add(exponentSign);
        // Readers of JSON give up or give infinity beyond; three digits are as many as a double can need.
        GrammarNode last = Accept(), middle = Accept(), first = Accept();
        Digits(exponentSign, '0', first);
        Digits(first, '0', middle);
        Digits(middle, '0', last);

        static void Digits(GrammarNode from, char low, GrammarNode to) => from.Edges.Add(new ByteEdge((byte)low, (byte)'9', to));
    }

    private static void MakeInteger(GrammarNode start)
    {
        GrammarNode sign = new(), digits = Accept();
        Byte(start, '0', Accept());
        Byte(start, '-', sign);
        start.Edges.Add(new ByteEdge((byte)'1', (byte)'9', digits));
        sign.Edges.Add(new ByteEdge((byte)'1', (byte)'9', digits));
        digits.Edges.Add(new ByteEdge((byte)'0', (byte)'9', digits));
    }

    private static void MakeArray()
    {
        GrammarNode open = new(), after = new(), end = Accept();
        Byte(Array.Start, '[', open);
        Byte(open, ']', end);
        open.Calls.Add(new CallEdge(Value, after));
        Byte(after, ']', end);
        Separator(after, ',').Calls.Add(new CallEdge(Value, after));
    }

    private static void MakeObject()
    {
        GrammarNode open = new(), key = new(), after = new(), end = Accept();
        Byte(Object.Start, '{', open);
        Byte(open, '}', end);
        open.Calls.Add(new CallEdge(String, key));
        Separator(key, ':').Calls.Add(new CallEdge(Value, after));
        Byte(after, '}', end);
        Separator(after, ',').Calls.Add(new CallEdge(String, key));
    }
}
