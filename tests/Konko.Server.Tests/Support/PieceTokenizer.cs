using System.Text;
using Konko.Engine.Tokenizers;

namespace Konko.Server.Tests.Support;

/// <summary>A vocabulary that gets a token for whatever a test writes: special ones for markup, any bytes else.</summary>
internal sealed class PieceTokenizer : Tokenizer
{
    public const int Eos = 0;

    private readonly Lock _lock = new();
    private readonly List<(string Literal, byte[] Bytes)> _tokens = [("<|eos|>", [])];
    private readonly Dictionary<(string Literal, bool IsSpecial), int> _ids = [];

    public override int VocabularySize => int.MaxValue;

    public override int? BosId => null;

    public override int? EosId => Eos;

    public override bool AddBos => false;

    public override IReadOnlyList<int> EndOfGeneration => [Eos];

    public override bool IsSpecial(int id) => Bytes(id).IsEmpty;

    public override ReadOnlySpan<byte> Bytes(int id)
    {
        lock (_lock) return _tokens[id].Bytes;
    }

    public override string Literal(int id)
    {
        lock (_lock) return _tokens[id].Literal;
    }

    public override List<int> Encode(PromptText text) => [.. Encoding.UTF8.GetBytes(text.ToString()).Select(b => 1 + b)];

    /// <summary>The tokens of an answer: its markup as special tokens, the text between cut where a test wants it.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="markup">The literals that are special tokens.</param>
    /// <param name="length">Length of the next piece in characters, at least 1.</param>
    public List<int> Cut(string answer, string[] markup, Func<int> length)
    {
        var ids = new List<int>();
        for (int at = 0; at < answer.Length;)
        {
            string? mark = markup.FirstOrDefault(literal => answer.AsSpan(at).StartsWith(literal, StringComparison.Ordinal));
            int end = mark is not null ? at + mark.Length : Math.Min(answer.Length, at + length());
            if (mark is null)
            {
                int next = markup.Select(literal => answer.IndexOf(literal, at, StringComparison.Ordinal)).Where(index => index >= 0).DefaultIfEmpty(answer.Length).Min();
                end = Math.Min(end, next);
                if (end < answer.Length && char.IsLowSurrogate(answer[end])) end++;
            }

            ids.Add(Id(answer[at..end], mark is not null));
            at = end;
        }

        return ids;
    }

    private int Id(string literal, bool isSpecial)
    {
        lock (_lock)
        {
            if (_ids.TryGetValue((literal, isSpecial), out int id)) return id;
            _tokens.Add((literal, isSpecial ? [] : Encoding.UTF8.GetBytes(literal)));
            return _ids[(literal, isSpecial)] = _tokens.Count - 1;
        }
    }
}
