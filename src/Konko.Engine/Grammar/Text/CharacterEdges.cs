using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Text;

/// <summary>
/// Writes steps by characters as steps by the bytes of UTF-8, in a text as it is or within a JSON string, where a few
/// characters are written as escapes. Each character has one spelling only, but for the case of hexadecimal digits.
/// </summary>
/// <param name="isJson">Whether the text stands within a JSON string.</param>
/// <param name="finished">Another whose nodes are used where they are the same; it may no longer change.</param>
internal sealed class CharacterEdges(bool isJson, CharacterEdges? finished = null)
{
    private static readonly CodePointSet s_escaped = CodePointSet.Of((0, 0x1F), ('"', '"'), ('\\', '\\'));

    private readonly Dictionary<(GrammarNode Target, int Low, int High), GrammarNode> _tails = [];
    private readonly Dictionary<(GrammarNode Target, ulong Escapes), GrammarNode> _escapes = [];

    /// <summary>Lets every character of a set lead from one node to another.</summary>
    public void Add(GrammarNode from, CodePointSet characters, GrammarNode to)
    {
        if (isJson)
        {
            AddEscapes(from, characters.Intersect(s_escaped), to);
            characters = characters.Except(s_escaped);
        }

        foreach ((int low, int high) in characters.Ranges) AddRange(from, low, high, to);
    }

    /// <summary>Lets a text lead from a node on.</summary>
    /// <returns>The node after the text.</returns>
    public GrammarNode AddText(GrammarNode from, string text)
    {
        foreach (System.Text.Rune rune in text.EnumerateRunes())
        {
            var next = new GrammarNode();
            Add(from, CodePointSet.Of(rune.Value), next);
            from = next;
        }

        return from;
    }

    private void AddRange(GrammarNode from, int low, int high, GrammarNode to)
    {
        Split(low, Math.Min(high, 0x7F), 1);
        Split(Math.Max(low, 0x80), Math.Min(high, 0x7FF), 2);
        Split(Math.Max(low, 0x800), Math.Min(high, 0xFFFF), 3);
        Split(Math.Max(low, 0x10000), high, 4);

        // Cuts a range until each byte of its ends spans a range of its own.
        void Split(int first, int last, int length)
        {
            if (first > last) return;
            for (int i = 1; i < length; i++)
            {
                int mask = (1 << (6 * i)) - 1;
                if ((first & ~mask) == (last & ~mask)) continue;
                if ((first & mask) != 0)
                {
                    Split(first, first | mask, length);
                    Split((first | mask) + 1, last, length);
                    return;
                }

                if ((last & mask) == mask) continue;
                Split(first, (last & ~mask) - 1, length);
                Split(last & ~mask, last, length);
                return;
            }

            GrammarNode target = to;
            for (int i = 0; i < length - 1; i++)
            {
                int shift = 6 * i;
                target = Tail(target, 0x80 | (first >> shift & 0x3F), 0x80 | (last >> shift & 0x3F));
            }

            int lead = length switch { 1 => 0, 2 => 0xC0, 3 => 0xE0, _ => 0xF0 };
            int top = 6 * (length - 1);
            from.Edges.Add(new ByteEdge((byte)(lead | first >> top), (byte)(lead | last >> top), target));
        }
    }

    private GrammarNode Tail(GrammarNode target, int low, int high)
    {
        if (_tails.TryGetValue((target, low, high), out GrammarNode? known) || finished?._tails.TryGetValue((target, low, high), out known) is true) return known;
        var node = new GrammarNode();
        node.Edges.Add(new ByteEdge((byte)low, (byte)high, target));
        _tails.Add((target, low, high), node);
        return node;
    }

    private void AddEscapes(GrammarNode from, CodePointSet characters, GrammarNode to)
    {
        if (characters.IsEmpty) return;
        ulong escapes = 0;
        foreach ((int low, int high) in characters.Ranges)
        {
            for (int c = low; c <= high; c++) escapes |= 1UL << Math.Min(c, 63);
        }

        if (!_escapes.TryGetValue((to, escapes), out GrammarNode? node) && finished?._escapes.TryGetValue((to, escapes), out node) is not true)
        {
            node = new GrammarNode();
            FillEscapes(node, characters, to);
            _escapes.Add((to, escapes), node);
        }

        from.Edges.Add(new ByteEdge((byte)'\\', (byte)'\\', node!));
    }

    private static void FillEscapes(GrammarNode backslash, CodePointSet characters, GrammarNode to)
    {
        var digits = new GrammarNode?[2];
        foreach ((int low, int high) in characters.Ranges)
        {
            for (int c = low; c <= high; c++)
            {
                byte letter = ShortEscape(c);
                if (letter != 0)
                {
                    backslash.Edges.Add(new ByteEdge(letter, letter, to));
                    continue;
                }

                GrammarNode last = digits[c >> 4] ??= new GrammarNode();
                byte lower = (byte)"0123456789abcdef"[c & 15];
                last.Edges.Add(new ByteEdge(lower, lower, to));
                if ((c & 15) > 9) last.Edges.Add(new ByteEdge((byte)(lower - 32), (byte)(lower - 32), to));
            }
        }

        if (digits[0] is null && digits[1] is null) return;
        var third = new GrammarNode();
        for (int i = 0; i < 2; i++)
        {
            if (digits[i] is { } node) third.Edges.Add(new ByteEdge((byte)('0' + i), (byte)('0' + i), node));
        }

        var second = new GrammarNode();
        var first = new GrammarNode();
        second.Edges.Add(new ByteEdge((byte)'0', (byte)'0', third));
        first.Edges.Add(new ByteEdge((byte)'0', (byte)'0', second));
        backslash.Edges.Add(new ByteEdge((byte)'u', (byte)'u', first));
    }

    private static byte ShortEscape(int c) => c switch
    {
        '"' => (byte)'"',
        '\\' => (byte)'\\',
        '\b' => (byte)'b',
        '\f' => (byte)'f',
        '\n' => (byte)'n',
        '\r' => (byte)'r',
        '\t' => (byte)'t',
        _ => 0,
    };
}
