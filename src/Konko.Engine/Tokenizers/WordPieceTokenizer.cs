using System.Text;
using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tokenizers;

/// <summary>BERT's WordPiece (<c>bert</c>): normalised words, each cut from the left into the longest tokens.</summary>
/// <remarks>
/// GGUF spells a token that begins a word with ▁ before it, and one that goes on a word without BERT's ##. Normalising is
/// BERT's own, which the models were trained with, where llama.cpp differs from it: only nonspacing marks are accents, and
/// a word of more than a hundred characters is unknown. Hangul is the exception, see <see cref="UnicodeData.Decompose"/>.
/// </remarks>
internal sealed class WordPieceTokenizer : VocabularyTokenizer
{
    private const char WordStart = '▁';

    /// <summary>BERT takes no longer word apart.</summary>
    private const int LongestWord = 100;

    private readonly bool _lowercase;
    private readonly bool _stripAccents;
    private readonly int _unknown;

    /// <summary>Checks the data.</summary>
    /// <exception cref="TokenizerDataException">There is no token for unknown words.</exception>
    public WordPieceTokenizer(TokenizerData data) : base(WithDefaults(data), BytesOf)
    {
        _lowercase = data.Lowercase ?? true;
        _stripAccents = data.StripAccents ?? _lowercase;
        _unknown = WithDefaults(data).UnknownId
            ?? throw new TokenizerDataException("tokenizer.ggml.unknown_token_id", "missing, and the vocabulary has no [UNK]");
    }

    /// <inheritdoc/>
    public override bool AddsSpacePrefix => true;

    /// <inheritdoc/>
    protected override void EncodeFragment(ReadOnlySpan<char> text, bool afterSpecial, List<int> ids)
    {
        var word = new Word(stackalloc char[1 + 2 * LongestWord]);
        Span<int> bases = stackalloc int[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            int count = 1;
            bases[0] = rune.Value;
            if (_stripAccents) count = UnicodeData.Decompose(rune.Value, bases);
            foreach (int codePoint in bases[..count]) Take(codePoint, ref word, ids);
        }
        Finish(ref word, ids);
    }

    /// <summary>Adds a character to the word, or ends the word with it.</summary>
    private void Take(int codePoint, ref Word word, List<int> ids)
    {
        uint category = 1u << UnicodeData.Category(codePoint);
        if ((category & CategorySet.Space) != 0)
        {
            Finish(ref word, ids);
            return;
        }
        if ((category & CategorySet.Control) != 0 || codePoint == Rune.ReplacementChar.Value) return;
        if (_stripAccents && (category & CategorySet.NonSpacingMark) != 0) return;

        int character = _lowercase ? UnicodeData.ToLower(codePoint) : codePoint;
        uint alone = codePoint < 0x80 ? CategorySet.Punctuation | CategorySet.Symbol : CategorySet.Punctuation;
        if ((category & alone) != 0 || IsIdeograph(codePoint))
        {
            Finish(ref word, ids);
            word.Add(character);
            Finish(ref word, ids);
        }
        else
        {
            word.Add(character);
        }
    }

    /// <summary>Cuts the word into tokens, and begins a new one; a word that does not come out even is unknown.</summary>
    private void Finish(ref Word word, List<int> ids)
    {
        if (word.Count == 0) return;
        int before = ids.Count;
        ReadOnlySpan<char> text = word.Text;
        bool known = word.Count <= LongestWord;
        for (int start = 0; known && start < text.Length;)
        {
            // The mark of the word's beginning is no text: a first token must hold more than it.
            int least = start == 0 ? 2 : 1;
            int length = Math.Min(text.Length - start, Vocabulary.LongestText) + 1, id = -1;
            while (id < 0 && --length >= least) id = Vocabulary.FindOrdinary(text.Slice(start, length));
            known = id >= 0;
            if (known) ids.Add(id);
            start += length;
        }
        if (!known)
        {
            ids.RemoveRange(before, ids.Count - before);
            ids.Add(_unknown);
        }
        word.Clear();
    }

    private static bool IsIdeograph(int codePoint) => codePoint
        is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B73F
        or >= 0x2B740 and <= 0x2B81F or >= 0x2B920 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;

    private static TokenizerData WithDefaults(TokenizerData data)
    {
        int? Named(string name)
        {
            for (int id = 0; id < data.Tokens.Count; id++)
            {
                if (data.Tokens[id] == name) return id;
            }
            return null;
        }

        int? bos = data.BosId ?? data.ClsId ?? Named("[CLS]");
        return data with
        {
            BosId = bos,
            SepId = data.SepId ?? data.EosId ?? Named("[SEP]"),
            UnknownId = data.UnknownId ?? Named("[UNK]"),
            AddBos = data.AddBos ?? bos is not null,
        };
    }

    private static byte[] BytesOf(string text, TokenType type) => Encoding.UTF8.GetBytes(text.Replace(WordStart, ' '));

    /// <summary>The word that is being read, the mark of its beginning before it.</summary>
    private ref struct Word
    {
        private readonly Span<char> _room;
        private int _length;

        public Word(Span<char> room)
        {
            _room = room;
            Clear();
        }

        /// <summary>Number of code points; of more than <see cref="LongestWord"/> only the number is kept.</summary>
        public int Count { get; private set; }

        public readonly ReadOnlySpan<char> Text => _room[.._length];

        public void Clear()
        {
            _room[0] = WordStart;
            _length = 1;
            Count = 0;
        }

        public void Add(int codePoint)
        {
            if (Count++ < LongestWord) _length += new Rune(codePoint).EncodeToUtf16(_room[_length..]);
        }
    }
}
