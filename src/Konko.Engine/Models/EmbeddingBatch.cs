using System.Runtime.InteropServices;

namespace Konko.Engine.Models;

/// <summary>The texts of one step, packed one behind the other, and the vectors that come of them. Reused from step to step.</summary>
public sealed class EmbeddingBatch
{
    private readonly List<EmbeddingText> _texts = [];
    private readonly List<int> _tokens = [];

    /// <summary>The texts of the step, in order.</summary>
    public IReadOnlyList<EmbeddingText> Texts => _texts;

    /// <summary>All tokens of the step, text after text.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Empties the step.</summary>
    public void Clear()
    {
        _texts.Clear();
        _tokens.Clear();
    }

    /// <summary>Adds a text.</summary>
    /// <param name="tokens">Its token ids.</param>
    /// <param name="vector">
    /// Receives its vector. Where it is shorter than the model's <see cref="EmbeddingModel.Dimensions"/>, the first
    /// elements, brought to unit length.
    /// </param>
    public void Add(ReadOnlySpan<int> tokens, float[] vector)
    {
        _texts.Add(new EmbeddingText(_tokens.Count, tokens.Length, vector));
        _tokens.AddRange(tokens);
    }
}

/// <summary>One text of a step.</summary>
/// <param name="FirstToken">Where its tokens start in <see cref="EmbeddingBatch.Tokens"/>.</param>
/// <param name="TokenCount">How many they are.</param>
/// <param name="Vector">Receives its vector.</param>
public readonly record struct EmbeddingText(int FirstToken, int TokenCount, float[] Vector);
