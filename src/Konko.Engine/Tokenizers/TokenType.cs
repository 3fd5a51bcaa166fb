namespace Konko.Engine.Tokenizers;

/// <summary>What a token is for, as GGUF's <c>tokenizer.ggml.token_type</c> counts it.</summary>
public enum TokenType
{
    /// <summary>Not said; an ordinary token.</summary>
    Undefined = 0,

    /// <summary>Ordinary text.</summary>
    Normal = 1,

    /// <summary>Stands for text that no other token covers.</summary>
    Unknown = 2,

    /// <summary>Steers the model (begin of text, end of turn, …); has no text of its own.</summary>
    Control = 3,

    /// <summary>Text that is always one token, before anything else is looked at.</summary>
    UserDefined = 4,

    /// <summary>In the vocabulary, but not trained.</summary>
    Unused = 5,

    /// <summary>A single byte, spelled <c>&lt;0x0A&gt;</c>.</summary>
    Byte = 6,
}
