using Konko.Server.Api.Errors;

namespace Konko.Server.Providers;

/// <summary>How a model's prompts become tokens, and tokens text; the same way that its answers go.</summary>
public interface IPromptTokenizer
{
    /// <summary>Number of token ids; valid ids are 0 … this − 1.</summary>
    int VocabularySize { get; }

    /// <summary>The ids of a prompt, or what is wrong with it.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="addSpecialTokens">Whether the model's BOS is put before it, where the model wants one.</param>
    /// <param name="ids">The ids; may be none.</param>
    ApiError? Encode(Prompt prompt, bool addSpecialTokens, out List<int> ids);

    /// <summary>The text of token ids, special ones with their literal text.</summary>
    /// <param name="ids">Valid ids.</param>
    string Decode(IReadOnlyList<int> ids);

    /// <summary>The literal text of a token.</summary>
    /// <param name="id">A valid id.</param>
    string Literal(int id);
}
