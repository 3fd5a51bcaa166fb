using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Konko.Engine.Tokenizers.PreTokenizers;
using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tokenizers;

/// <summary>Byte-level byte-pair encoding (<c>gpt2</c>): a pre-tokenizer cuts words, merges join the bytes of each.</summary>
internal sealed class BytePairTokenizer : VocabularyTokenizer
{
    private const string MergesKey = "tokenizer.ggml.merges";
    private const int NoToken = -1;
    private const int LargestKeptBuffer = 1 << 16;

    [ThreadStatic]
    private static Scratch? s_scratch;

    private readonly PreTokenizer _preTokenizer;
    private readonly int[] _byteIds = new int[256];
    private readonly MergeTable _merges;
    private readonly WordCache _words = new();

    /// <summary>Checks the data and builds the tables.</summary>
    /// <exception cref="TokenizerDataException">The pre-tokenizer is unknown, or a merge names a token that is missing.</exception>
    public BytePairTokenizer(TokenizerData data) : this(data, FindPreTokenizer(data))
    {
    }

    private BytePairTokenizer(TokenizerData data, PreTokenizer preTokenizer)
        : base(data with { AddBos = data.AddBos ?? (preTokenizer.AddsBos && data.BosId is not null) }, BytesOf)
    {
        _preTokenizer = preTokenizer;
        for (int value = 0; value < _byteIds.Length; value++)
        {
            _byteIds[value] = Vocabulary.FindOrdinary([ByteLevelAlphabet.Character(value)]);
        }
        _merges = ReadMerges(data.Merges ?? throw new TokenizerDataException(MergesKey, "the list is missing"));
    }

    /// <inheritdoc/>
    protected override void EncodeFragment(ReadOnlySpan<char> text, bool afterSpecial, List<int> ids)
    {
        Scratch scratch = s_scratch ??= new Scratch();
        scratch.CodePoints.Load(text);
        _preTokenizer.Split(scratch.CodePoints.Text, scratch.Ends, scratch.OtherEnds);
        int start = 0;
        foreach (int word in scratch.Ends)
        {
            int end = scratch.CodePoints.Offset(word);
            EncodeWord(text[start..end], ids);
            start = end;
        }
        // One huge prompt must not keep its buffers for as long as the thread lives.
        if (text.Length > LargestKeptBuffer) s_scratch = null;
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (_words.TryGet(word, out ReadOnlySpan<int> known))
        {
            ids.AddRange(known);
            return;
        }
        int before = ids.Count, room = Encoding.UTF8.GetMaxByteCount(word.Length);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(room);
        int[] symbols = ArrayPool<int>.Shared.Rent(room);
        int count = Encoding.UTF8.GetBytes(word, bytes);
        int whole = _preTokenizer.WholeWordsFirst ? FindWhole(bytes.AsSpan(0, count)) : NoToken;
        if (whole != NoToken)
        {
            ids.Add(whole);
        }
        else
        {
            for (int i = 0; i < count; i++) symbols[i] = _byteIds[bytes[i]];
            count = PairMerger.Merge(symbols.AsSpan(0, count), new Rule(_merges));
            foreach (int id in symbols.AsSpan(0, count))
            {
                if (id != NoToken) ids.Add(id);
            }
        }
        ArrayPool<int>.Shared.Return(symbols);
        ArrayPool<byte>.Shared.Return(bytes);
        _words.Add(word, CollectionsMarshal.AsSpan(ids)[before..]);
    }

    /// <summary>The token that spells all of a word, or <see cref="NoToken"/>.</summary>
    private int FindWhole(ReadOnlySpan<byte> word)
    {
        if (word.Length > Vocabulary.LongestText) return NoToken;
        char[] spelled = ArrayPool<char>.Shared.Rent(word.Length);
        for (int i = 0; i < word.Length; i++) spelled[i] = ByteLevelAlphabet.Character(word[i]);
        int id = Vocabulary.FindOrdinary(spelled.AsSpan(0, word.Length));
        ArrayPool<char>.Shared.Return(spelled);
        return id;
    }

    private MergeTable ReadMerges(IReadOnlyList<string> merges)
    {
        var table = new MergeTable(merges.Count);
        char[] joined = new char[Vocabulary.LongestText];
        for (int rank = 0; rank < merges.Count; rank++)
        {
            ReadOnlySpan<char> merge = merges[rank];
            int space = merge.Length < 2 ? -1 : merge[1..].IndexOf(' ') + 1;
            if (space <= 0) throw Wrong(rank, "is not two tokens with a space between them");
            ReadOnlySpan<char> left = merge[..space], right = merge[(space + 1)..];
            int leftId = Vocabulary.Find(left), rightId = Vocabulary.Find(right);
            if (leftId < 0 || rightId < 0 || left.Length + right.Length > joined.Length)
            {
                throw Wrong(rank, "names a token that the vocabulary does not have");
            }
            left.CopyTo(joined);
            right.CopyTo(joined.AsSpan(left.Length));
            ReadOnlySpan<char> text = joined.AsSpan(0, left.Length + right.Length);
            if (Vocabulary.Find(text) < 0) throw Wrong(rank, "makes a token that the vocabulary does not have");
            // A control token is never spelled by text, so nothing merges into it.
            int merged = Vocabulary.FindOrdinary(text);
            if (merged >= 0) table.Add(leftId, rightId, rank, merged);
        }
        return table;

        TokenizerDataException Wrong(int rank, string how) =>
            new(MergesKey, $"merge {rank}, '{Vocabulary.Shorten(merges[rank])}', {how}");
    }

    private static PreTokenizer FindPreTokenizer(TokenizerData data)
    {
        const string key = "tokenizer.ggml.pre";
        if (data.Pre is null) throw new TokenizerDataException(key, "missing, so there is no telling how to cut text into words");
        return PreTokenizerNames.Find(data.Pre) ?? throw new TokenizerDataException(
            key, $"pre-tokenizer '{Vocabulary.Shorten(data.Pre)}' is unknown; known are {string.Join(", ", PreTokenizerNames.All)}");
    }

    /// <summary>The bytes that a token's characters spell; text that is not so spelled stands for itself.</summary>
    private static byte[] BytesOf(string text, TokenType type)
    {
        var bytes = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            int value = type == TokenType.UserDefined ? -1 : ByteLevelAlphabet.Byte(text[i]);
            if (value < 0) return Encoding.UTF8.GetBytes(text);
            bytes[i] = (byte)value;
        }
        return bytes;
    }

    private readonly struct Rule(MergeTable merges) : IMergeRule<int>
    {
        public bool TryMerge(int left, int right, out int rank, out int merged) =>
            merges.TryGet(left, right, out rank, out merged);
    }

    private sealed class Scratch
    {
        public CodePointBuffer CodePoints { get; } = new();

        public List<int> Ends { get; } = [];

        public List<int> OtherEnds { get; } = [];
    }
}
