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

    /// <summary>Whether the file asks for a BOS before every prompt (never a second one).</summary>
    public abstract bool AddBos { get; }

    /// <summary>Every id that ends a generation (eos, eot, eom, or tokens so named), ascending.</summary>
    public abstract IReadOnlyList<int> EndOfGeneration { get; }

    /// <summary>Whether the id is a control or user-defined special token, shown as <c>special: true</c>.</summary>
    /// <param name="id">A token id.</param>
    public abstract bool IsSpecial(int id);

    /// <summary>The bytes that the id adds to a detokenised text; empty for a control token.</summary>
    /// <param name="id">A token id.</param>
    public abstract ReadOnlySpan<byte> Bytes(int id);

    /// <summary>The literal text of the id, special tokens included (<c>&lt;|im_end|&gt;</c>); never half a character's worth of invalid text.</summary>
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
}
