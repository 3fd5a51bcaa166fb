using Konko.Engine.Cache;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>A decoder-only transformer on the panel kernels.</summary>
internal sealed class DecoderModel : CausalModel
{
    private readonly DecoderShape _shape;
    private readonly DecoderWeights _weights;
    private readonly WorkerTeam _team;
    private readonly ForwardPass _pass;

    /// <summary>A model over loaded weights, which it owns from here on.</summary>
    /// <param name="shape">The model's numbers.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="threads">Threads of a step.</param>
    /// <param name="maxStepTokens">Most tokens of a step.</param>
    /// <param name="kvType">Element type of the KV cache.</param>
    public DecoderModel(DecoderShape shape, DecoderWeights weights, int threads, int maxStepTokens, KvType kvType)
    {
        _shape = shape;
        _weights = weights;
        MaxStepTokens = maxStepTokens;
        KvLayout = shape.KvLayout(kvType);
        _team = new WorkerTeam(threads);
        _pass = new ForwardPass(shape, weights, KvLayout, maxStepTokens, threads);
    }

    /// <inheritdoc/>
    public override int VocabularySize => _shape.VocabularySize;

    /// <inheritdoc/>
    public override int ContextLength => _shape.ContextLength;

    /// <inheritdoc/>
    public override KvLayout KvLayout { get; }

    /// <inheritdoc/>
    public override int MaxStepTokens { get; }

    /// <inheritdoc/>
    internal override WorkerTeam Team => _team;

    /// <summary>Bytes of the weights in memory.</summary>
    public long WeightBytes => _weights.Memory.Bytes;

    /// <inheritdoc/>
    public override void Forward(StepBatch step)
    {
        _pass.Prepare(step);
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
