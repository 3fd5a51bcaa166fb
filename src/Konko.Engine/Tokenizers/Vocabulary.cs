namespace Konko.Engine.Tokenizers;

/// <summary>The checked list of tokens: texts, types, and which of them end a generation.</summary>
internal sealed class Vocabulary
{
    private const string TokensKey = "tokenizer.ggml.tokens";

    private readonly string[] _texts;
    private readonly TokenType[] _types;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;

    /// <summary>Checks the lists and takes them over.</summary>
    /// <exception cref="TokenizerDataException">A list is missing, of the wrong length, or has impossible values.</exception>
    public Vocabulary(TokenizerData data)
    {
        _texts = [.. data.Tokens];
        if (_texts.Length == 0) throw new TokenizerDataException(TokensKey, "the list is empty");
        RequireLength("tokenizer.ggml.token_type", data.TokenTypes?.Count);
        RequireLength("tokenizer.ggml.scores", data.Scores?.Count);

        _ids = new Dictionary<string, int>(_texts.Length, StringComparer.Ordinal);
        _idsBySpan = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _types = new TokenType[_texts.Length];
        for (int id = 0; id < _texts.Length; id++)
        {
            string text = _texts[id];
            _types[id] = (TokenType)(data.TokenTypes?[id] ?? (int)TokenType.Normal);
            if (_types[id] == TokenType.UserDefined && ControlTokenNames.LooksLikeControl(text)) _types[id] = TokenType.Control;
            LongestText = Math.Max(LongestText, text.Length);
            // Some files fill gaps with empty tokens; nothing in a text can be one of them.
            if (text.Length > 0 && !_ids.TryAdd(text, id))
            {
                throw new TokenizerDataException(TokensKey, $"ids {_ids[text]} and {id} are both '{Shorten(text)}'");
            }
        }

        RequireId("tokenizer.ggml.cls_token_id", data.ClsId);
        RequireId("tokenizer.ggml.bos_token_id", data.BosId);
        RequireId("tokenizer.ggml.eos_token_id", data.EosId);
        RequireId("tokenizer.ggml.eot_token_id", data.EotId);
        RequireId("tokenizer.ggml.eom_token_id", data.EomId);
        RequireId("tokenizer.ggml.unknown_token_id", data.UnknownId);
        RequireId("tokenizer.ggml.seperator_token_id", data.SepId);
        EndOfGeneration = FindEndOfGeneration(data);
    }

    /// <summary>Number of ids.</summary>
    public int Size => _texts.Length;

    /// <summary>Length of the longest text, in UTF-16 units.</summary>
    public int LongestText { get; }

    /// <summary>Every id that ends a generation, ascending.</summary>
    public int[] EndOfGeneration { get; }

    /// <summary>The text of an id as the file spells it.</summary>
    public string Text(int id) => _texts[id];

    /// <summary>The type of an id.</summary>
    public TokenType Type(int id) => _types[id];

    /// <summary>Whether the id has no text of its own: control tokens and the one for unknown text.</summary>
    public bool IsControl(int id) => _types[id] is TokenType.Control or TokenType.Unknown;

    /// <summary>The id with exactly that text, or −1.</summary>
    public int Find(ReadOnlySpan<char> text) => _idsBySpan.TryGetValue(text, out int id) ? id : -1;

    /// <summary>The id that ordinary text may become, or −1: control, unknown and byte tokens are never spelled by text.</summary>
    public int FindOrdinary(ReadOnlySpan<char> text)
    {
        int id = Find(text);
        return id >= 0 && _types[id] is TokenType.Control or TokenType.Unknown or TokenType.Byte ? -1 : id;
    }

    /// <summary>A token's text for a message, not too long.</summary>
    public static string Shorten(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");

    private void RequireLength(string key, int? count)
    {
        if (count is int have && have != _texts.Length)
        {
            throw new TokenizerDataException(key, $"{have} values for {_texts.Length} tokens");
        }
    }

    private void RequireId(string key, int? id)
    {
        if (id is int value && (uint)value >= (uint)_texts.Length)
        {
            throw new TokenizerDataException(key, $"{value} is no id of a vocabulary of {_texts.Length} tokens");
        }
    }

    private int[] FindEndOfGeneration(TokenizerData data)
    {
        var ends = new SortedSet<int>();
        foreach (string name in ControlTokenNames.EndOfGeneration)
        {
            int id = Find(name);
            if (id < 0) continue;
            _types[id] = TokenType.Control;
            ends.Add(id);
        }
        if (Find(ControlTokenNames.Return) >= 0 && Find(ControlTokenNames.Call) >= 0)
        {
            ends.Remove(Find(ControlTokenNames.End));
        }
        foreach (int? id in (ReadOnlySpan<int?>)[data.EosId, data.EotId, data.EomId])
        {
            if (id is int value) ends.Add(value);
        }
        return [.. ends];
    }
}
