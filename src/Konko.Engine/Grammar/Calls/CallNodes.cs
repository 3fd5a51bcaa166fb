using System.Text;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Json;
using Konko.Engine.Grammar.Schema;

namespace Konko.Engine.Grammar.Calls;

/// <summary>The nodes of calls themselves, from where it is certain that one comes to where the text is free again.</summary>
/// <param name="tools">The functions.</param>
/// <param name="after">Where a text goes on after its calls.</param>
internal sealed class CallNodes(IReadOnlyList<CallTool> tools, GrammarNode after)
{
    private readonly GrammarRule[] _arguments = [.. tools.Select(tool => tool.Arguments is { } schema ? SchemaCompiler.Compile(schema) : JsonRules.Object)];

    // The names of a list's later calls lead back to nodes that are there: a list is a loop.
    private readonly Dictionary<bool, GrammarNode> _calls = [];

    /// <summary>Before a call or a list of calls, after what opens it.</summary>
    /// <param name="hasNamedCalls">Whether a call may be a name and then arguments.</param>
    public GrammarNode Opened(bool hasNamedCalls)
    {
        GrammarNode start = new(), inner = Blank(Blank(start)), list = new();
        Call(inner, inList: false);
        JsonRules.Byte(inner, '[', list);
        Call(Blank(list), inList: true);
        if (hasNamedCalls) NamedCalls(inner);
        return start;
    }

    /// <summary>After the name of a call, which stands in an object, or in one of a list of them.</summary>
    /// <param name="tool">The function's place among all.</param>
    /// <param name="inList">Whether it stands in a list.</param>
    public GrammarNode AfterName(int tool, bool inList)
    {
        GrammarNode start = new(), comma = new(), key = new();
        JsonRules.Byte(Blank(start), ',', comma);
        GrammarNode word = Blank(comma);
        foreach (string name in (ReadOnlySpan<string>)["\"arguments\"", "\"parameters\""]) JsonRules.Literal(word, name).Epsilons.Add(key);
        GrammarNode colon = new(), closed = new();
        JsonRules.Byte(Blank(key), ':', colon);
        JsonRules.Byte(Arguments(Blank(colon), tool), '}', closed);
        if (!inList)
        {
            closed.Epsilons.Add(after);
            return start;
        }

        GrammarNode end = Blank(closed), next = new();
        JsonRules.Byte(end, ']', after);
        JsonRules.Byte(end, ',', next);
        Call(Blank(next), inList: true);
        return start;
    }

    /// <summary>The arguments of a function, and a blank after them.</summary>
    /// <param name="from">Where they begin.</param>
    /// <param name="tool">The function's place among all.</param>
    public GrammarNode Arguments(GrammarNode from, int tool)
    {
        var back = new GrammarNode();
        from.Calls.Add(new CallEdge(_arguments[tool], back));
        return Blank(back);
    }

    /// <summary>Lets one blank or line break lead on, or nothing.</summary>
    /// <returns>The node after it.</returns>
    public static GrammarNode Blank(GrammarNode from)
    {
        var next = new GrammarNode();
        from.Epsilons.Add(next);
        JsonRules.Byte(from, ' ', next);
        JsonRules.Byte(from, '\n', next);
        return next;
    }

    /// <summary>Lets a mark lead on, a control token or its text.</summary>
    /// <returns>The node after it.</returns>
    public static GrammarNode Mark(GrammarNode from, string literal)
    {
        var start = new GrammarNode();
        from.Epsilons.Add(start);
        from.Edges.Add(new ByteEdge(TriggerAutomaton.Control, TriggerAutomaton.Control, start));
        foreach (byte value in Encoding.UTF8.GetBytes(literal))
        {
            var next = new GrammarNode();
            start.Edges.Add(new ByteEdge(value, value, next));
            start = next;
        }

        return start;
    }

    private void Call(GrammarNode from, bool inList)
    {
        if (!_calls.TryGetValue(inList, out GrammarNode? call))
        {
            _calls.Add(inList, call = new GrammarNode());
            GrammarNode open = new(), colon = new();
            JsonRules.Byte(call, '{', open);
            JsonRules.Byte(Blank(JsonRules.Literal(Blank(open), "\"name\"")), ':', colon);
            GrammarNode name = Blank(colon);
            for (int i = 0; i < tools.Count; i++) JsonRules.Literal(name, $"\"{tools[i].Name}\"").Epsilons.Add(AfterName(i, inList));
        }

        from.Epsilons.Add(call);
    }

    private void NamedCalls(GrammarNode from)
    {
        for (int i = 0; i < tools.Count; i++)
        {
            GrammarNode name = JsonRules.Literal(from, tools[i].Name), arguments = new(), id = Mark(name, "[CALL_ID]"), more = new();
            foreach ((char low, char high) in (ReadOnlySpan<(char, char)>)[('0', '9'), ('A', 'Z'), ('a', 'z')])
            {
                id.Edges.Add(new ByteEdge((byte)low, (byte)high, more));
                more.Edges.Add(new ByteEdge((byte)low, (byte)high, more));
            }

            foreach (GrammarNode before in (ReadOnlySpan<GrammarNode>)[name, more])
            {
                Mark(before, "[ARGS]").Epsilons.Add(arguments);
                before.Epsilons.Add(arguments);
            }

            Arguments(arguments, i).Epsilons.Add(after);
        }
    }
}
