using System.Runtime.Intrinsics;
using Konko.Engine.Kernels;
using Konko.Engine.Numerics;

namespace Konko.Engine.Models.Encoders;

/// <summary>One step through an encoder, run by all threads of a team: embedding, layers, pooling.</summary>
/// <remarks>
/// The texts of a step lie one behind the other without padding; only attention and pooling know where one ends. Every
/// stage ends before the next begins, and within a stage each output is written by one thread in one order.
/// </remarks>
internal sealed unsafe class EncoderPass : TeamTask, IDisposable
{
    /// <summary>Tokens that a share of a product takes: their activations stay in a core's own cache while panels pass by.</summary>
    private const int ShareTokens = 128;

    private readonly EncoderShape _shape;
    private readonly EncoderWeights _weights;
    private readonly int _threads;
    private readonly bool _quantised;
    private EncoderBuffers _buffers;
    private EmbeddingBatch _batch = null!;
    private int[] _positions = [];
    private int _tokens;

    /// <summary>A pass over the given weights.</summary>
    public EncoderPass(EncoderShape shape, EncoderWeights weights, int threads)
    {
        (_shape, _weights, _threads) = (shape, weights, threads);
        _buffers = new EncoderBuffers(shape, 1, 1, threads);
        _quantised = weights.Layers.Any(layer => ((BiasedMatrix[])[layer.Query, layer.Key, layer.Value, layer.Up]).Any(m => m.Weights.Format.IsQuantised()));
    }

    /// <summary>Takes the step to run next. Called by one thread.</summary>
    /// <param name="batch">The step.</param>
    public void Prepare(EmbeddingBatch batch)
    {
        _batch = batch;
        _tokens = batch.Tokens.Length;
        int longest = 0;
        for (int i = 0; i < batch.Texts.Count; i++)
        {
            EmbeddingText text = batch.Texts[i];
            if (text.TokenCount == 0) throw new ArgumentException($"Text {i} of the step has no tokens.", nameof(batch));
            if (text.TokenCount > _shape.ContextLength)
                throw new ArgumentException($"Text {i} of the step has {text.TokenCount} tokens, more than the context of {_shape.ContextLength}.", nameof(batch));
            if (text.Vector.Length > _shape.Width)
                throw new ArgumentException($"Text {i} of the step asks for {text.Vector.Length} dimensions of {_shape.Width}.", nameof(batch));
            longest = Math.Max(longest, text.TokenCount);
        }

        foreach (int token in batch.Tokens)
            if ((uint)token >= (uint)_shape.VocabularySize) throw new ArgumentException($"Token id {token} is outside the vocabulary of {_shape.VocabularySize}.", nameof(batch));
        Reserve(longest);
        foreach (EmbeddingText text in batch.Texts)
            for (int i = 0; i < text.TokenCount; i++) _positions[text.FirstToken + i] = i;
    }

    /// <inheritdoc/>
    public override void Run(WorkerTeam team, int worker)
    {
        EncoderBuffers b = _buffers;
        Embed(team, worker);
        foreach (EncoderLayer layer in _weights.Layers)
        {
            Multiply(team, worker, Into(layer.Query, b.Query, b.Stride), Into(layer.Key, b.Key, b.Stride), Into(layer.Value, b.Value, b.Stride));
            Attend(team, worker, layer);
            Copy(team, worker, layer.Output.Weights);
            Multiply(team, worker, OntoResidual(layer.Output));
            Normalise(team, worker, layer.Output.Bias, layer.AttentionNorm);
            Multiply(team, worker, Into(layer.Up, b.Up, b.UpStride));
            Activate(team, worker, layer);
            Multiply(team, worker, OntoResidual(layer.Down));
            Normalise(team, worker, layer.Down.Bias, layer.OutputNorm);
        }

        Pool(team, worker);
    }

    /// <inheritdoc/>
    public void Dispose() => _buffers.Dispose();

    /// <summary>Room for the step; half as much again where it grows, so that it seldom does.</summary>
    private void Reserve(int longest)
    {
        if (_tokens <= _buffers.Tokens && longest <= _buffers.Longest) return;
        int tokens = _tokens <= _buffers.Tokens ? _buffers.Tokens : (_tokens + _tokens / 2 + 63) & ~63;
        int text = longest <= _buffers.Longest ? _buffers.Longest : Math.Min((longest + longest / 2 + 63) & ~63, Math.Max(longest, _shape.ContextLength));
        _buffers.Dispose();
        _buffers = new EncoderBuffers(_shape, tokens, text, _threads);
        _positions = new int[tokens];
    }

    private void Embed(WorkerTeam team, int worker)
    {
        while (team.Take(worker, _tokens, 4, out int first, out int end))
        {
            for (int token = first; token < end; token++)
            {
                float* residual = Residual(token);
                RowReader.Read(_weights.Embedding, _batch.Tokens[token], residual);
                Add(residual, _weights.Positions.Pointer + (long)_positions[token] * _buffers.Stride);
                Finish(token, _weights.EmbeddingNorm);
            }
        }

        team.Complete(worker);
    }

    private void Attend(WorkerTeam team, int worker, EncoderLayer layer)
    {
        int width = _shape.HeadDim;
        while (team.Take(worker, _batch.Texts.Count * _shape.Heads, 1, out int item, out _))
        {
            EmbeddingText text = _batch.Texts[item / _shape.Heads];
            int head = item % _shape.Heads * width;
            long at = (long)text.FirstToken * _buffers.Stride + head;
            var biases = new AttentionBiases(layer.Query.Bias.Pointer + head, layer.Key.Bias.Pointer + head, layer.Value.Bias.Pointer + head);
            BidirectionalAttention.Run(
                _buffers.Query.Pointer + at, _buffers.Key.Pointer + at, _buffers.Value.Pointer + at, _buffers.Stride, biases, text.TokenCount, width, _buffers.Scratch[worker].Pointer);
        }

        team.Complete(worker);
    }

    private void Copy(WorkerTeam team, int worker, PackedMatrix consumer)
    {
        bool quantised = consumer.Format.IsQuantised();
        while (team.Take(worker, _tokens, 4, out int first, out int end))
        {
            for (int token = first; token < end; token++)
                _buffers.Activations.Set(token, _buffers.Query.Pointer + (long)token * _buffers.Stride, _shape.Width, !quantised, quantised);
        }

        team.Complete(worker);
    }

    private void Normalise(WorkerTeam team, int worker, AlignedBuffer<float> bias, LayerNormWeights norm)
    {
        while (team.Take(worker, _tokens, 4, out int first, out int end))
        {
            for (int token = first; token < end; token++)
            {
                Add(Residual(token), bias.Pointer);
                Finish(token, norm);
            }
        }

        team.Complete(worker);
    }

    /// <summary>Norms a token's residual and makes it the next products' input.</summary>
    private void Finish(int token, LayerNormWeights norm)
    {
        LayerNorm.Run(Residual(token), norm.Weight.Pointer, norm.Bias.Pointer, _shape.Width, _shape.NormEpsilon);
        _buffers.Activations.Set(token, Residual(token), _shape.Width, true, _quantised);
    }

    private void Activate(WorkerTeam team, int worker, EncoderLayer layer)
    {
        bool quantise = layer.Down.Weights.Format.IsQuantised();
        while (team.Take(worker, _tokens, 2, out int first, out int end))
        {
            for (int token = first; token < end; token++)
            {
                Gelu.Run(_buffers.Up.Pointer + (long)token * _buffers.UpStride, layer.Up.Bias.Pointer, _shape.FeedForward, _buffers.Activations.Values(token));
                if (quantise) Quantizer.Run(_buffers.Activations, token, _shape.FeedForward);
            }
        }

        team.Complete(worker);
    }

    /// <summary>A text's vector: pooled, an element a chain in the order of tokens, then divided by its length.</summary>
    private void Pool(WorkerTeam team, int worker)
    {
        while (team.Take(worker, _batch.Texts.Count, 1, out int index, out _))
        {
            EmbeddingText text = _batch.Texts[index];
            int last = text.FirstToken + text.TokenCount - 1;
            float* sum = Residual(_shape.Pooling == Pooling.Last ? last : text.FirstToken);
            if (_shape.Pooling == Pooling.Mean)
            {
                for (int token = text.FirstToken + 1; token <= last; token++) Add(sum, Residual(token));
                for (int i = 0; i < _shape.Width; i++) sum[i] /= text.TokenCount;
            }

            float length = MathF.Sqrt(Reduce.SumOfSquares(sum, text.Vector.Length));
            for (int i = 0; i < text.Vector.Length; i++) text.Vector[i] = length == 0 ? 0 : sum[i] / length;
        }

        team.Complete(worker);
    }

    private static Product Into(BiasedMatrix matrix, AlignedBuffer<float> output, int stride) => new(matrix.Weights, (nint)output.Pointer, stride, false);

    private Product OntoResidual(BiasedMatrix matrix) => new(matrix.Weights, (nint)_buffers.Residual.Pointer, _buffers.Stride, true);

    /// <summary>Multiplies up to three matrices with the activations, shared out by tokens and panels.</summary>
    private void Multiply(WorkerTeam team, int worker, in Product first, in Product second = default, in Product third = default)
    {
        int a = first.Weights.Panels, b = a + (second.Weights?.Panels ?? 0), total = b + (third.Weights?.Panels ?? 0);
        int blocks = (_tokens + ShareTokens - 1) / ShareTokens;
        int share = Math.Max(1, total * blocks / (team.Threads * 8)), cuts = (total + share - 1) / share;
        while (team.Take(worker, blocks * cuts, 1, out int item, out _))
        {
            int token = item / cuts * ShareTokens, tokens = Math.Min(ShareTokens, _tokens - token);
            int panel = item % cuts * share, end = Math.Min(panel + share, total);
            Part(worker, first, token, tokens, panel, end, 0, a);
            Part(worker, second, token, tokens, panel, end, a, b);
            Part(worker, third, token, tokens, panel, end, b, total);
        }

        team.Complete(worker);
    }

    private void Part(int worker, in Product product, int token, int tokens, int panel, int end, int from, int to)
    {
        int first = Math.Max(panel, from), last = Math.Min(end, to);
        if (first < last) MatMul.Run(product, _buffers.Activations, token, tokens, first - from, last - first, _buffers.Scales[worker].Pointer);
    }

    private float* Residual(int token) => _buffers.Residual.Pointer + (long)token * _buffers.Stride;

    /// <summary>Adds a row that is padded as the residual is.</summary>
    private void Add(float* sum, float* addend)
    {
        for (int i = 0; i < _shape.Width; i += 16) (Vector512.Load(sum + i) + Vector512.Load(addend + i)).Store(sum + i);
    }
}
