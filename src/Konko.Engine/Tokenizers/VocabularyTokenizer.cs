using System.Buffers;
using System.Text;

namespace Konko.Engine.Tokenizers;

/// <summary>What all kinds of tokenizers share: special tokens, provenance, and the bytes of each id.</summary>
internal abstract class VocabularyTokenizer : Tokenizer
{
    private readonly TokenizerData _data;
    private readonly SpecialTokenMatcher _specialTokens;
    private readonly bool[] _swallowsSpace;
    private readonly byte[] _bytes;
    private readonly int[] _byteEnds;

    /// <summary>Checks the data and prepares what does not depend on the kind.</summary>
    /// <param name="data">The file's data, defaults of the kind filled in.</param>
    /// <param name="bytes">The bytes that a token with text of its own adds to a detokenised text.</param>
    protected VocabularyTokenizer(TokenizerData data, Func<string, TokenType, byte[]> bytes)
    {
        _data = data;
        Vocabulary = new Vocabulary(data);
        if (data.AddBos is true && data.BosId is null)
        {
            throw new TokenizerDataException("tokenizer.ggml.add_bos_token", "true, but the file names no tokenizer.ggml.bos_token_id");
        }
        _specialTokens = new SpecialTokenMatcher(Vocabulary);
        Infill = InfillTokens.Find(data);
        _swallowsSpace = FindSwallowers(Vocabulary, data.ModelName);

        var all = new ArrayBufferWriter<byte>(Vocabulary.Size * 8);
        _byteEnds = new int[Vocabulary.Size];
        for (int id = 0; id < Vocabulary.Size; id++)
        {
            if (!Vocabulary.IsControl(id)) all.Write(bytes(Vocabulary.Text(id), Vocabulary.Type(id)));
            _byteEnds[id] = all.WrittenCount;
        }
        _bytes = all.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public sealed override int VocabularySize => Vocabulary.Size;

    /// <inheritdoc/>
    public sealed override int? BosId => _data.BosId;

    /// <inheritdoc/>
    public sealed override int? EosId => _data.EosId;

    /// <inheritdoc/>
    public sealed override int? SepId => _data.SepId;

    /// <inheritdoc/>
    public sealed override bool AddBos => _data.AddBos is true;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<int> EndOfGeneration => Vocabulary.EndOfGeneration;

    /// <inheritdoc/>
    public sealed override InfillTokens? Infill { get; }

    /// <summary>The checked tokens.</summary>
    protected Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public sealed override bool IsSpecial(int id) => Vocabulary.IsControl(id);

    /// <inheritdoc/>
    public sealed override ReadOnlySpan<byte> Bytes(int id)
    {
        int start = id == 0 ? 0 : _byteEnds[id - 1];
        return _bytes.AsSpan(start, _byteEnds[id] - start);
    }

    /// <inheritdoc/>
    public sealed override string Literal(int id) =>
        Vocabulary.IsControl(id) ? Vocabulary.Text(id) : Encoding.UTF8.GetString(Bytes(id));

    /// <inheritdoc/>
    public sealed override List<int> Encode(PromptText text)
    {
        string all = text.ToString();
        List<(int Start, int End)> trusted = TrustedRuns(text);
        var ids = new List<int>(all.Length / 4 + 4);
        int fragment = 0, run = 0;
        bool afterSpecial = true;
        for (int i = _specialTokens.NextCandidate(all, 0); i >= 0; i = _specialTokens.NextCandidate(all, i))
        {
            while (run < trusted.Count && trusted[run].End <= i) run++;
            int trustedEnd = run < trusted.Count && trusted[run].Start <= i ? trusted[run].End : i;
            int special = _specialTokens.Match(all, i, trustedEnd);
            if (special < 0)
            {
                i++;
                continue;
            }
            if (i > fragment) EncodeFragment(all.AsSpan(fragment, i - fragment), afterSpecial, ids);
            ids.Add(special);
            i += Vocabulary.Text(special).Length;
            if (_swallowsSpace[special])
            {
                while (i < all.Length && all[i] is ' ' or >= '\t' and <= '\r') i++;
            }
            fragment = i;
            afterSpecial = true;
        }
        if (fragment < all.Length) EncodeFragment(all.AsSpan(fragment), afterSpecial, ids);
        return ids;
    }

    /// <summary>Encodes text without special tokens in it.</summary>
    /// <param name="text">The text, not empty.</param>
    /// <param name="afterSpecial">Whether it stands at the beginning or right after a special token.</param>
    /// <param name="ids">Receives the ids.</param>
    protected abstract void EncodeFragment(ReadOnlySpan<char> text, bool afterSpecial, List<int> ids);

    /// <summary>The stretches of the text that are trusted throughout, ascending, no two of them touching.</summary>
    private static List<(int Start, int End)> TrustedRuns(PromptText text)
    {
        var runs = new List<(int Start, int End)>();
        int start = 0;
        foreach (PromptPiece piece in text.Pieces)
        {
            int end = start + piece.Text.Length;
            if (piece.Trusted && runs.Count > 0 && runs[^1].End == start) runs[^1] = (runs[^1].Start, end);
            else if (piece.Trusted) runs.Add((start, end));
            start = end;
        }
        return runs;
    }

    /// <summary>Phi-3's special tokens, but for three, swallow the white space to their right.</summary>
    private static bool[] FindSwallowers(Vocabulary vocabulary, string? modelName)
    {
        var swallows = new bool[vocabulary.Size];
        ReadOnlySpan<string> names = ["phi-3", "phi3", "phi 3"];
        bool phi3 = false;
        foreach (string name in names) phi3 |= modelName?.Contains(name, StringComparison.OrdinalIgnoreCase) is true;
        if (!phi3) return swallows;
        for (int id = 0; id < swallows.Length; id++)
        {
            swallows[id] = (vocabulary.IsControl(id) || vocabulary.Type(id) == TokenType.UserDefined)
                && vocabulary.Text(id) is not ("<unk>" or "<s>" or "<|endoftext|>");
        }
        return swallows;
    }
}
