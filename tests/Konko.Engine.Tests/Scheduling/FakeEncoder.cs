using Konko.Engine.Models;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>An encoder whose vectors are the text's first token and its length, and which keeps what its steps held.</summary>
internal sealed class FakeEncoder : EmbeddingModel
{
    /// <summary>A text that begins with it gets numbers that are not finite.</summary>
    public const int PoisonToken = 99;

    private readonly List<int[]> _steps = [];

    public override int VocabularySize => 100;

    public override int ContextLength => 32;

    public override int Dimensions => 4;

    /// <summary>The first tokens of the texts of each step.</summary>
    public IReadOnlyList<int[]> Steps => _steps;

    /// <summary>Called at the start of each step; may block or throw.</summary>
    public Action? OnEmbed { get; set; }

    public override void Embed(EmbeddingBatch batch)
    {
        int[] tokens = batch.Tokens.ToArray();
        _steps.Add([.. batch.Texts.Select(text => tokens[text.FirstToken])]);
        OnEmbed?.Invoke();
        foreach (EmbeddingText text in batch.Texts)
        {
            text.Vector[0] = tokens[text.FirstToken] == PoisonToken ? float.NaN : tokens[text.FirstToken];
            text.Vector[1] = text.TokenCount;
        }
    }

    public override void Dispose()
    {
    }
}
