namespace Konko.Engine.Scheduling;

/// <summary>Texts to embed, as tokens. They are computed in any number of steps, together with those of others.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>The token ids of each text, those that the model expects around it included; at least one text, none of them empty.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Inputs { get; init; }

    /// <summary>Elements of a vector: so many of the first, brought to unit length. 0 is all that the model has.</summary>
    public int Dimensions { get; init; }
}
