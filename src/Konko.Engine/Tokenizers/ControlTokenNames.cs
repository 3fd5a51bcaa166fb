namespace Konko.Engine.Tokenizers;

/// <summary>Tokens known by their spelling, because many files do not mark them.</summary>
internal static class ControlTokenNames
{
    /// <summary>Tokens that end a generation, whatever the file's ids say; they are control tokens whatever its types say.</summary>
    public static readonly string[] EndOfGeneration =
    [
        "<|im_end|>", "<|endoftext|>", "<|end_of_text|>", "<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "<|end|>",
        "<|return|>", "<|call|>", "</s>", "<eos>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<end_of_utterance>",
        "<｜end▁of▁sentence｜>",
    ];

    /// <summary>Ends a message in most vocabularies, but only a part of one in those that have the two names below.</summary>
    public const string End = "<|end|>";

    /// <summary>Ends an answer where <see cref="End"/> ends a part of it (gpt-oss).</summary>
    public const string Return = "<|return|>";

    /// <summary>Ends a tool call where <see cref="End"/> ends a part of an answer (gpt-oss).</summary>
    public const string Call = "<|call|>";

    /// <summary>
    /// Whether a token is spelled as only control tokens are. Files made from publishers' lists (DeepSeek's among them) have
    /// such marks of roles and tools as user-defined, and a message could spell them then.
    /// </summary>
    public static bool LooksLikeControl(string text) =>
        text is "<start_of_turn>" or "[INST]" or "[/INST]"
        || (text.Length > 4 && text[0] == '<' && text[^1] == '>' && text[1] is '|' or '｜' && text[^2] is '|' or '｜');
}
