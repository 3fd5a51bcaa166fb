using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Konko.Engine.Tokenizers;

/// <summary>SentencePiece's byte-pair encoding (<c>llama</c>): the best-scored neighbours merge, bytes are the last resort.</summary>
internal sealed class SentencePieceTokenizer : VocabularyTokenizer
{
    /// <summary>Stands for a blank inside of tokens.</summary>
    private const char Blank = '▁';

    private readonly bool _addSpacePrefix;
    private readonly int? _unknown;
    private readonly int[] _ranks;
    private readonly int[] _byteIds = new int[256];
    private readonly CharacterPairs _pairs = new();
    private readonly WordCache _words = new();

    /// <summary>Checks the data and builds the tables.</summary>
    /// <exception cref="TokenizerDataException">The scores are missing or are no numbers.</exception>
    public SentencePieceTokenizer(TokenizerData data) : base(WithDefaults(data), BytesOf)
    {
        _addSpacePrefix = data.AddSpacePrefix ?? true;
        _unknown = WithDefaults(data).UnknownId;
        _ranks = RankScores(data.Scores ?? throw new TokenizerDataException("tokenizer.ggml.scores", "the list is missing"));
        for (int id = 0; id < Vocabulary.Size; id++) _pairs.Add(Vocabulary.Text(id));
        for (int value = 0; value < _byteIds.Length; value++)
        {
            int id = Vocabulary.Find(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"));
            _byteIds[value] = id >= 0 && !Vocabulary.IsControl(id) ? id : -1;
        }
    }

    /// <inheritdoc/>
    public override bool AddsSpacePrefix => _addSpacePrefix;

    /// <inheritdoc/>
    protected override void EncodeFragment(ReadOnlySpan<char> text, bool afterSpecial, List<int> ids)
    {
        char[] rented = ArrayPool<char>.Shared.Rent(text.Length + 1);
        int length = 0;
        if (_addSpacePrefix && afterSpecial) rented[length++] = Blank;
        text.Replace(rented.AsSpan(length), ' ', Blank);
        length += text.Length;
        ReplaceLoneSurrogates(rented.AsSpan(0, length));

        int start = 0;
        for (int i = 1; i < length; i++)
        {
            if (_pairs.MayTouch(rented[i - 1], rented[i])) continue;
            EncodeWord(rented.AsMemory(start, i - start), ids);
            start = i;
        }
        EncodeWord(rented.AsMemory(start, length - start), ids);
        ArrayPool<char>.Shared.Return(rented);
    }

    private void EncodeWord(ReadOnlyMemory<char> memory, List<int> ids)
    {
        ReadOnlySpan<char> word = memory.Span;
        if (_words.TryGet(word, out ReadOnlySpan<int> known))
        {
            ids.AddRange(known);
            return;
        }
        int before = ids.Count, count = 0;
        Piece[] pieces = ArrayPool<Piece>.Shared.Rent(word.Length);
        for (int i = 0; i < word.Length;)
        {
            int length = char.IsHighSurrogate(word[i]) ? 2 : 1;
            pieces[count++] = new Piece(i, length, Vocabulary.FindOrdinary(word.Slice(i, length)));
            i += length;
        }
        count = PairMerger.Merge(pieces.AsSpan(0, count), new Rule(this, memory));
        foreach (Piece piece in pieces.AsSpan(0, count))
        {
            if (piece.Id >= 0) ids.Add(piece.Id);
            else EncodeBytes(word.Slice(piece.Start, piece.Length), ids);
        }
        ArrayPool<Piece>.Shared.Return(pieces);
        _words.Add(word, CollectionsMarshal.AsSpan(ids)[before..]);
    }

    /// <summary>A character without a token: its bytes, or for want of those the token for unknown text.</summary>
    private void EncodeBytes(ReadOnlySpan<char> character, List<int> ids)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (byte value in bytes[..Encoding.UTF8.GetBytes(character, bytes)])
        {
            if (_byteIds[value] >= 0) ids.Add(_byteIds[value]);
            else if (_unknown is int unknown) ids.Add(unknown);
        }
    }

    /// <summary>Ranks from the highest score (0) down; equal scores share a rank.</summary>
    private static int[] RankScores(IReadOnlyList<float> scores)
    {
        float[] sorted = [.. scores];
        var order = new int[sorted.Length];
        for (int id = 0; id < order.Length; id++)
        {
            if (float.IsNaN(sorted[id])) throw new TokenizerDataException("tokenizer.ggml.scores", $"the score of id {id} is not a number");
            order[id] = id;
        }
        Array.Sort(sorted, order);
        var ranks = new int[sorted.Length];
        for (int i = sorted.Length - 2; i >= 0; i--)
        {
            ranks[order[i]] = ranks[order[i + 1]] + (sorted[i] < sorted[i + 1] ? 1 : 0);
        }
        return ranks;
    }

    private static TokenizerData WithDefaults(TokenizerData data)
    {
        int? IfThere(int id) => id < data.Tokens.Count ? id : null;
        int? bos = data.BosId ?? IfThere(1);
        return data with
        {
            BosId = bos,
            EosId = data.EosId ?? IfThere(2),
            UnknownId = data.UnknownId ?? IfThere(0),
            AddBos = data.AddBos ?? bos is not null,
        };
    }

    private static void ReplaceLoneSurrogates(Span<char> text)
    {
        for (int i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else text[i] = '\uFFFD';
        }
    }

    private static byte[] BytesOf(string text, TokenType type)
    {
        bool isByte = type == TokenType.Byte && text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>';
        return isByte && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? [value]
            : Encoding.UTF8.GetBytes(text.Replace(Blank, ' '));
    }

    /// <summary>A stretch of a word and the token it is, or −1.</summary>
    private readonly record struct Piece(int Start, int Length, int Id);

    private readonly struct Rule(SentencePieceTokenizer tokenizer, ReadOnlyMemory<char> word) : IMergeRule<Piece>
    {
        public bool TryMerge(Piece left, Piece right, out int rank, out Piece merged)
        {
            int length = left.Length + right.Length;
            int id = length > tokenizer.Vocabulary.LongestText
                ? -1
                : tokenizer.Vocabulary.FindOrdinary(word.Span.Slice(left.Start, length));
            rank = id < 0 ? 0 : tokenizer._ranks[id];
            merged = new Piece(left.Start, length, id);
            return id >= 0;
        }
    }
}
