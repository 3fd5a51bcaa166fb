namespace Konko.Server.Providers;

/// <summary>The embeddings of a request's inputs.</summary>
/// <param name="Vectors">A vector of unit length for each input, in their order.</param>
/// <param name="PromptTokens">Tokens of all inputs, those that the model expects around a text included.</param>
public sealed record EmbeddedTexts(IReadOnlyList<ReadOnlyMemory<float>> Vectors, int PromptTokens);
