using System.Globalization;
using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Calls;

/// <summary>
/// A text that is free until, for the first time, one of a few patterns has come: then it goes on elsewhere. Deterministic, so
/// that there is no way around a pattern.
/// </summary>
/// <remarks>
/// A control token is <see cref="Control"/> and its literal text. Within what may become a pattern no other control token is
/// allowed: those who look for patterns drop it, and would find one that is not seen here.
/// </remarks>
internal sealed class TriggerAutomaton
{
    /// <summary>The byte before the literal text of a control token; in no text.</summary>
    public const byte Control = 0xFF;

    private readonly List<List<(byte Low, byte High, int Target)>> _edges = [];
    private readonly List<List<int>> _epsilons = [];
    private readonly Dictionary<int, GrammarNode> _triggers = [];
    private readonly Dictionary<string, GrammarNode> _nodes = [];
    private readonly Queue<(int[] States, GrammarNode Node)> _open = [];
    private int[]? _free;

    /// <summary>An automaton with no pattern.</summary>
    public TriggerAutomaton()
    {
        Free = State();
        Edge(Free, 0, Control - 1, Free);
    }

    /// <summary>The state of free text: patterns that may come anywhere begin here.</summary>
    public int Free { get; }

    /// <summary>A new state.</summary>
    public int State()
    {
        _edges.Add([]);
        _epsilons.Add([]);
        return _edges.Count - 1;
    }

    /// <summary>Lets bytes of a range lead from a state to another.</summary>
    public void Edge(int from, byte low, byte high, int to) => _edges[from].Add((low, high, to));

    /// <summary>Lets nothing lead from a state to another.</summary>
    public void Epsilon(int from, int to) => _epsilons[from].Add(to);

    /// <summary>Lets a text lead on.</summary>
    /// <returns>The state after it.</returns>
    public int Text(int from, string text)
    {
        foreach (byte value in System.Text.Encoding.UTF8.GetBytes(text))
        {
            int next = State();
            Edge(from, value, value, next);
            from = next;
        }

        return from;
    }

    /// <summary>Lets a mark lead on: a control token, or, where it need not be one, its text as well.</summary>
    /// <returns>The state after it.</returns>
    public int Mark(int from, string literal, bool isControl)
    {
        int after = State(), start = State();
        Epsilon(from, start);
        Edge(start, Control, Control, after);
        if (!isControl) Epsilon(start, after);
        return Text(after, literal);
    }

    /// <summary>Allows a control token everywhere, also within what may become a pattern: it is known that it stays in the text.</summary>
    public void Pass(string literal) => Epsilon(Mark(Free, literal, isControl: true), Free);

    /// <summary>Lets any number of blanks lead on.</summary>
    /// <returns>The state after them.</returns>
    public int Blanks(int from)
    {
        int loop = State();
        Epsilon(from, loop);
        foreach (char blank in " \n\r\t") Edge(loop, (byte)blank, (byte)blank, loop);
        return loop;
    }

    /// <summary>A pattern has come: the text goes on elsewhere.</summary>
    public void Trigger(int state, GrammarNode target) => _triggers.Add(state, target);

    /// <summary>The node of a text that is free and may begin with further patterns; all patterns must be there.</summary>
    /// <param name="starts">Where the patterns begin that may come only here.</param>
    public GrammarNode Build(params ReadOnlySpan<int> starts)
    {
        _free = Closure([Free]);
        GrammarNode start = Node(Closure([Free, .. starts]));
        while (_open.TryDequeue(out (int[] States, GrammarNode Node) next)) Fill(next.Node, next.States);
        return start;
    }

    private void Fill(GrammarNode node, int[] states)
    {
        node.IsAccepting = true;
        var targets = new List<int>[256];
        bool isFree = states.AsSpan().SequenceEqual(_free);
        foreach (int state in states)
        {
            foreach ((byte low, byte high, int target) in _edges[state])
                for (int value = low; value <= high; value++) (targets[value] ??= []).Add(target);
        }

        if (isFree) (targets[Control] ??= []).Add(Free);
        GrammarNode? last = null;
        int first = 0;
        for (int value = 0; value <= 256; value++)
        {
            GrammarNode? next = value == 256 || targets[value] is not { } list ? null
                : value > first && last is not null && targets[value - 1].SequenceEqual(list) ? last
                : Node(Closure(list));
            if (ReferenceEquals(next, last)) continue;
            if (last is not null) node.Edges.Add(new ByteEdge((byte)first, (byte)(value - 1), last));
            (last, first) = (next, value);
        }
    }

    private GrammarNode Node(int[] states)
    {
        foreach (int state in states)
            if (_triggers.TryGetValue(state, out GrammarNode? target)) return target;
        string key = string.Join(' ', states.Select(state => state.ToString(CultureInfo.InvariantCulture)));
        if (_nodes.TryGetValue(key, out GrammarNode? known)) return known;
        if (_nodes.Count >= GrammarLimits.DfaStates) throw GrammarException.TooLarge("tools", "they need too many states");
        var node = new GrammarNode();
        _nodes.Add(key, node);
        _open.Enqueue((states, node));
        return node;
    }

    private int[] Closure(IEnumerable<int> states)
    {
        var seen = new SortedSet<int>();
        var open = new Stack<int>(states);
        while (open.TryPop(out int state))
        {
            if (!seen.Add(state)) continue;
            foreach (int next in _epsilons[state]) open.Push(next);
        }

        return [.. seen];
    }
}
