namespace Konko.Engine.Tokenizers;

/// <summary>A model file's vocabulary and what it says about its use, before anything is checked.</summary>
/// <remarks>The names are those of the GGUF keys under <c>tokenizer.ggml</c>; null where the file has no such key.</remarks>
public sealed record TokenizerData
{
    /// <summary><c>model</c>: <c>gpt2</c> (byte-level BPE), <c>llama</c> (SentencePiece) or <c>bert</c> (WordPiece).</summary>
    public required string Model { get; init; }

    /// <summary><c>pre</c>: the pre-tokenizer of a byte-level vocabulary.</summary>
    public string? Pre { get; init; }

    /// <summary><c>general.name</c>: Phi-3's tokens swallow white space, and only the model's name tells.</summary>
    public string? ModelName { get; init; }

    /// <summary><c>tokens</c>: the text of each id as the file spells it, at least one.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary><c>token_type</c>: one <see cref="TokenType"/> an id; ordinary where missing.</summary>
    public IReadOnlyList<int>? TokenTypes { get; init; }

    /// <summary><c>scores</c>: one an id, the higher the sooner it is merged; SentencePiece only.</summary>
    public IReadOnlyList<float>? Scores { get; init; }

    /// <summary><c>merges</c>: <c>left right</c>, the first the soonest; byte-level BPE only.</summary>
    public IReadOnlyList<string>? Merges { get; init; }

    /// <summary><c>bos_token_id</c>.</summary>
    public int? BosId { get; init; }

    /// <summary><c>eos_token_id</c>.</summary>
    public int? EosId { get; init; }

    /// <summary><c>eot_token_id</c>, the end of a turn.</summary>
    public int? EotId { get; init; }

    /// <summary><c>eom_token_id</c>, the end of a message.</summary>
    public int? EomId { get; init; }

    /// <summary><c>unknown_token_id</c>.</summary>
    public int? UnknownId { get; init; }

    /// <summary><c>fim_pre_token_id</c>, in older files <c>prefix_token_id</c>.</summary>
    public int? FimPrefixId { get; init; }

    /// <summary><c>fim_suf_token_id</c>, in older files <c>suffix_token_id</c>.</summary>
    public int? FimSuffixId { get; init; }

    /// <summary><c>fim_mid_token_id</c>, in older files <c>middle_token_id</c>.</summary>
    public int? FimMiddleId { get; init; }

    /// <summary><c>seperator_token_id</c> (so spelled).</summary>
    public int? SepId { get; init; }

    /// <summary><c>cls_token_id</c>.</summary>
    public int? ClsId { get; init; }

    /// <summary><c>add_bos_token</c>.</summary>
    public bool? AddBos { get; init; }

    /// <summary><c>add_space_prefix</c>; SentencePiece only.</summary>
    public bool? AddSpacePrefix { get; init; }

    /// <summary><c>normalizer.lowercase</c>; WordPiece only, true where missing.</summary>
    public bool? Lowercase { get; init; }

    /// <summary><c>normalizer.strip_accents</c>; WordPiece only, as <see cref="Lowercase"/> where missing.</summary>
    public bool? StripAccents { get; init; }
}
