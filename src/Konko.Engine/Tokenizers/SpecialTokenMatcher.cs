using System.Buffers;

namespace Konko.Engine.Tokenizers;

/// <summary>Finds control and user-defined tokens in a text: the leftmost first, of several there the longest.</summary>
internal sealed class SpecialTokenMatcher
{
    private readonly Dictionary<(int Node, char Next), int> _children = [];
    private readonly List<int> _ids = [-1];
    private readonly Vocabulary _vocabulary;
    private readonly SearchValues<char> _firstCharacters;

    /// <summary>A matcher of all special tokens of a vocabulary.</summary>
    public SpecialTokenMatcher(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        var first = new HashSet<char>();
        for (int id = 0; id < vocabulary.Size; id++)
        {
            string text = vocabulary.Text(id);
            if (text.Length == 0 || !(vocabulary.IsControl(id) || vocabulary.Type(id) == TokenType.UserDefined)) continue;
            first.Add(text[0]);
            int node = 0;
            foreach (char c in text)
            {
                if (!_children.TryGetValue((node, c), out int child))
                {
                    child = _ids.Count;
                    _ids.Add(-1);
                    _children.Add((node, c), child);
                }
                node = child;
            }
            _ids[node] = id;
        }
        _firstCharacters = SearchValues.Create([.. first]);
    }

    /// <summary>The next index from <paramref name="start"/> on where a token might begin, or −1.</summary>
    public int NextCandidate(ReadOnlySpan<char> text, int start)
    {
        int index = text[start..].IndexOfAny(_firstCharacters);
        return index < 0 ? -1 : start + index;
    }

    /// <summary>The longest token that begins at <paramref name="start"/>, or −1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the token must begin.</param>
    /// <param name="trustedEnd">Control tokens must end here or before.</param>
    public int Match(ReadOnlySpan<char> text, int start, int trustedEnd)
    {
        int found = -1, node = 0;
        for (int i = start; i < text.Length && _children.TryGetValue((node, text[i]), out node); i++)
        {
            int id = _ids[node];
            if (id >= 0 && (i < trustedEnd || !_vocabulary.IsControl(id))) found = id;
        }
        return found;
    }
}
