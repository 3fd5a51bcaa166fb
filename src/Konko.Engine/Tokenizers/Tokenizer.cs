using System.Text;
using Konko.Engine.Gguf;

namespace Konko.Engine.Tokenizers;

/// <summary>Text to token ids and back, as the model's GGUF file defines it. Immutable and safe to share.</summary>
public abstract class Tokenizer
{
    /// <summary>Number of token ids; valid ids are 0 … this − 1.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The id put before a prompt by <see cref="AddBos"/>, or null.</summary>
    public abstract int? BosId { get; }

    /// <summary>The first end-of-generation id of the file, or null.</summary>
    public abstract int? EosId { get; }

    /// <summary>The id that <see cref="Enclose"/> puts after a text, or null.</summary>
    public virtual int? SepId => null;

    /// <summary>Whether the file asks for a BOS before every prompt (never a second one).</summary>
    public abstract bool AddBos { get; }

    /// <summary>Every id that ends a generation (eos, eot, eom, or tokens so named), ascending.</summary>
    public abstract IReadOnlyList<int> EndOfGeneration { get; }

    /// <summary>How the model is asked to fill in the middle of a text; null if it cannot be.</summary>
    public virtual InfillTokens? Infill => null;

    /// <summary>Whether encoding puts a blank before a text, so that decoding takes it away again.</summary>
    public virtual bool AddsSpacePrefix => false;

    /// <summary>Whether the id has no text of its own (a control token, or the one for unknown text); shown as <c>special: true</c>.</summary>
    /// <remarks>A user-defined token (<c>&lt;think&gt;</c>) is text and so not special.</remarks>
    /// <param name="id">A token id.</param>
    public abstract bool IsSpecial(int id);

    /// <summary>The bytes that the id adds to a detokenised text; empty where <see cref="IsSpecial"/>.</summary>
    /// <param name="id">A token id.</param>
    public abstract ReadOnlySpan<byte> Bytes(int id);

    /// <summary>The literal text of the id, special tokens included (<c>&lt;|im_end|&gt;</c>); bytes that are no whole character are U+FFFD.</summary>
    /// <param name="id">A token id.</param>
    public abstract string Literal(int id);

    /// <summary>The ids of a prompt. No BOS is added here; <see cref="Finish"/> does that.</summary>
    /// <param name="text">The text; control tokens are recognised in its trusted characters only.</param>
    public abstract List<int> Encode(PromptText text);

    /// <summary>The ids of a plain string.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parseSpecial">Whether control tokens that it spells are recognised.</param>
    public List<int> Encode(string text, bool parseSpecial) => Encode(PromptText.Of(text, parseSpecial));

    /// <summary>Adds the BOS where the file asks for one and the prompt does not have it yet.</summary>
    /// <param name="ids">The prompt's ids; changed in place and returned.</param>
    public List<int> Finish(List<int> ids)
    {
        if (AddBos && BosId is int bos && (ids.Count == 0 || ids[0] != bos)) ids.Insert(0, bos);
        return ids;
    }

    /// <summary>Puts the ids that an embedding model expects around a text: BOS or CLS before it, SEP or EOS after it.</summary>
    /// <param name="ids">The text's ids; changed in place and returned.</param>
    public List<int> Enclose(List<int> ids)
    {
        if (BosId is int first && (ids.Count == 0 || ids[0] != first)) ids.Insert(0, first);
        if ((SepId ?? EosId) is int last && (ids.Count == 0 || ids[^1] != last)) ids.Add(last);
        return ids;
    }

    /// <summary>The text of a list of ids, special tokens left out; invalid bytes become U+FFFD.</summary>
    /// <param name="ids">Valid ids.</param>
    /// <param name="continues">True where the ids go on a text, so that a leading blank is text and not the tokenizer's.</param>
    public string Decode(IEnumerable<int> ids, bool continues = false)
    {
        var detokenizer = new IncrementalDetokenizer(this, continues);
        var text = new StringBuilder();
        foreach (int id in ids) text.Append(detokenizer.Append(id));
        return text.Append(detokenizer.Flush()).ToString();
    }

    /// <summary>Builds the tokenizer of a model file.</summary>
    /// <param name="file">The file; nothing of it is kept.</param>
    /// <exception cref="GgufException">The file's vocabulary is broken or of a kind that Konko does not read.</exception>
    public static Tokenizer FromGguf(GgufFile file)
    {
        try
        {
            return Create(GgufTokenizerData.Read(file.Metadata));
        }
        catch (TokenizerDataException exception)
        {
            throw file.Metadata.Wrong(exception.Key, exception.Problem);
        }
    }

    /// <summary>Builds the tokenizer that a file's data describe.</summary>
    /// <param name="data">The file's vocabulary and settings.</param>
    /// <exception cref="TokenizerDataException">The data contradicts itself or asks for something unknown.</exception>
    public static Tokenizer Create(TokenizerData data) => data.Model switch
    {
        "gpt2" => new BytePairTokenizer(data),
        "llama" => new SentencePieceTokenizer(data),
        "bert" => new WordPieceTokenizer(data),
        _ => throw new TokenizerDataException(
            "tokenizer.ggml.model", $"'{Vocabulary.Shorten(data.Model)}' is unknown; known are gpt2, llama and bert"),
    };
}
