namespace Konko.Server.Providers;

/// <summary>What to embed, validated as far as the API can without knowing the model.</summary>
public sealed record EmbedderRequest
{
    /// <summary>Texts and lists of token ids, at least one, none empty.</summary>
    public required IReadOnlyList<Prompt> Inputs { get; init; }

    /// <summary>Elements of a vector, ≥ 1: so many of the first, brought to unit length; null is all that the model has.</summary>
    public int? Dimensions { get; init; }
}
