using Konko.Engine.Kernels;

namespace Konko.Engine.Models.Encoders;

/// <summary>An encoder on the panel kernels.</summary>
internal sealed class EncoderModel : EmbeddingModel
{
    private readonly EncoderShape _shape;
    private readonly EncoderWeights _weights;
    private readonly WorkerTeam _team;
    private readonly EncoderPass _pass;

    /// <summary>A model over loaded weights, which it owns from here on.</summary>
    /// <param name="shape">The model's numbers.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="threads">Threads of a step.</param>
    public EncoderModel(EncoderShape shape, EncoderWeights weights, int threads)
    {
        _shape = shape;
        _weights = weights;
        _pass = new EncoderPass(shape, weights, threads);
        _team = new WorkerTeam(threads);
    }

    /// <inheritdoc/>
    public override int VocabularySize => _shape.VocabularySize;

    /// <inheritdoc/>
    public override int ContextLength => _shape.ContextLength;

    /// <inheritdoc/>
    public override int Dimensions => _shape.Width;

    /// <summary>Bytes of the weights in memory.</summary>
    public long WeightBytes => _weights.Memory.Bytes;

    /// <inheritdoc/>
    public override void Embed(EmbeddingBatch batch)
    {
        _pass.Prepare(batch);
        _team.Run(_pass);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _team.Dispose();
        _pass.Dispose();
        _weights.Dispose();
    }
}
