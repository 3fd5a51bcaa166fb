using Konko.Engine.Tokenizers;
using Konko.Server.Api.Errors;

namespace Konko.Server.Providers.Local;

/// <summary>Makes token ids of an encoder's texts: with its own tokens before and after, and no control token from the text itself.</summary>
internal sealed class EncoderPrompt(Tokenizer tokenizer) : IPromptTokenizer
{
    private readonly LocalPrompt _plain = new(tokenizer, null, TimeProvider.System);

    /// <inheritdoc/>
    public int VocabularySize => tokenizer.VocabularySize;

    /// <inheritdoc/>
    public ApiError? Encode(Prompt prompt, bool addSpecialTokens, out List<int> ids)
    {
        if (prompt is not TextPrompt text) return _plain.Encode(prompt, addSpecialTokens, out ids);
        ids = tokenizer.Encode(text.Text, parseSpecial: false);
        if (addSpecialTokens) tokenizer.Enclose(ids);
        return null;
    }

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids) => _plain.Decode(ids);

    /// <inheritdoc/>
    public string Literal(int id) => _plain.Literal(id);
}
