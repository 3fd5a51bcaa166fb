using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Cache;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>One step through a decoder, run by all threads of a team: embedding, layers, norm, head.</summary>
/// <remarks>
/// Every stage ends before the next begins, and within a stage each output is written by one thread in one order, so neither the
/// number of threads nor what shares the step changes a bit. Small steps make their activations once a thread: that is
/// cheaper than one more stage.
/// </remarks>
internal sealed unsafe class ForwardPass : TeamTask, IDisposable
{
    private const int PrivateTokens = 2;

    private readonly DecoderShape _shape;
    private readonly DecoderWeights _weights;
    private readonly KvLayout _layout;
    private readonly StepBuffers _buffers;
    private readonly AttentionStage _attention;
    private readonly ExpertStage? _experts;
    private readonly int[] _positions;
    private readonly int[] _owners;
    private readonly int[] _logitTokens;
    private StepBatch _step = null!;
    private int _tokens;
    private nint _logits;

    /// <summary>A pass over the given weights.</summary>
    public ForwardPass(DecoderShape shape, DecoderWeights weights, KvLayout layout, int maxTokens, int threads)
    {
        (_shape, _weights, _layout) = (shape, weights, layout);
        _buffers = new StepBuffers(shape, maxTokens, threads);
        _attention = new AttentionStage(shape, layout, threads);
        _experts = shape.Experts > 0 ? new ExpertStage(shape, _buffers, maxTokens) : null;
        _positions = new int[maxTokens];
        _owners = new int[maxTokens];
        _logitTokens = new int[maxTokens];
    }

    private int LogitStride => (_shape.VocabularySize + 15) & ~15;

    /// <summary>Takes the step to run next. Called by one thread.</summary>
    /// <param name="step">The step.</param>
    public void Prepare(StepBatch step)
    {
        _step = step;
        _tokens = step.Tokens.Length;
        if (_tokens > _positions.Length) throw new ArgumentException($"A step of {_tokens} tokens is more than the {_positions.Length} that the model was loaded for.", nameof(step));
        int last = 0;
        for (int s = 0; s < step.Sequences.Count; s++)
        {
            StepSequence sequence = step.Sequences[s];
            if (sequence.Cache.Length + sequence.TokenCount > Math.Min(sequence.Cache.Capacity, _shape.ContextLength))
                throw new ArgumentException($"Sequence {s} of the step has no room for {sequence.TokenCount} tokens at position {sequence.Cache.Length}.", nameof(step));
            for (int i = 0; i < sequence.TokenCount; i++)
            {
                _positions[sequence.FirstToken + i] = sequence.Cache.Length + i;
                _owners[sequence.FirstToken + i] = s;
            }

            for (int i = 0; i < sequence.LogitCount; i++)
                _logitTokens[sequence.FirstLogitRow + i] = sequence.FirstToken + sequence.TokenCount - sequence.LogitCount + i;
            last = Math.Max(last, sequence.Cache.Length + sequence.TokenCount);
        }

        foreach (int token in step.Tokens)
            if ((uint)token >= (uint)_shape.VocabularySize) throw new ArgumentException($"Token id {token} is outside the vocabulary of {_shape.VocabularySize}.", nameof(step));
        foreach (RopeTable rope in _weights.Ropes) rope.Ensure(last);
        _logits = (nint)step.ReserveLogits(LogitStride);
        _attention.Prepare(step);
    }

    /// <inheritdoc/>
    public override void Run(WorkerTeam team, int worker)
    {
        Embed(team, worker);
        for (int i = 0; i < _weights.Layers.Count; i++)
        {
            DecoderLayer layer = _weights.Layers[i];
            Attend(team, worker, layer, i);
            if (_experts is null) FeedForward(team, worker, layer);
            else _experts.Run(team, worker, layer, _tokens);
            Join(team, worker, layer.PostFeedForwardNorm, null, _experts is not null);
        }

        Predict(team, worker);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffers.Dispose();
        _attention.Dispose();
        _experts?.Dispose();
    }

    private void Embed(WorkerTeam team, int worker)
    {
        while (team.Take(worker, _tokens, 1, out int token, out _))
        {
            float* residual = _buffers.Residual.Pointer + (long)token * _buffers.ResidualStride;
            RowReader.Read(_weights.Embedding, _step.Tokens[token], residual);
            if (_shape.EmbeddingScale != 1) Scale(residual, _shape.EmbeddingScale, _shape.Width);
        }

        team.Complete(worker);
    }

    private void Attend(WorkerTeam team, int worker, DecoderLayer layer, int index)
    {
        Activations normed = Normalise(team, worker, layer.AttentionNorm, Neediest(layer.Query, layer.Key, layer.Value));
        Multiply(
            team, worker, normed, _tokens,
            Into(layer.Query, _buffers.Query, _buffers.QueryStride),
            Into(layer.Key, _buffers.Key, _buffers.KeyStride),
            Into(layer.Value, _buffers.Value, _buffers.KeyStride));
        RotateAndStore(team, worker, layer, index);
        _attention.Run(team, worker, layer, index, _buffers.Query.Pointer, _buffers.QueryStride);
        Activations attended = Copy(team, worker, layer.Output);
        Multiply(team, worker, attended, _tokens, ToResidual(layer.Output, IsApart(layer.PostAttentionNorm, layer.OutputBias)));
        Join(team, worker, layer.PostAttentionNorm, layer.OutputBias, false);
    }

    private void FeedForward(WorkerTeam team, int worker, DecoderLayer layer)
    {
        Activations normed = Normalise(team, worker, layer.FeedForwardNorm, Neediest(layer.Gate, layer.Up));
        Product down = ToResidual(layer.Down, IsApart(layer.PostFeedForwardNorm, null));
        if (normed == _buffers.Shared && layer.Down.Format.IsQuantised())
        {
            MultiplyGated(team, worker, normed, layer);
            Multiply(team, worker, _buffers.Gated, _tokens, down);
            return;
        }

        Multiply(
            team, worker, normed, _tokens,
            Into(layer.Gate, _buffers.Gate, _buffers.FeedForwardStride),
            Into(layer.Up, _buffers.Up, _buffers.FeedForwardStride));
        Activations gated = Activate(team, worker, layer.Down);
        Multiply(team, worker, gated, _tokens, down);
    }

    /// <summary>
    /// Gate, up, activation and its int8 form in one go, 32 columns at a time: a step's gates and ups are larger than any
    /// cache, but nobody wants them but the next stage.
    /// </summary>
    private void MultiplyGated(WorkerTeam team, int worker, Activations normed, DecoderLayer layer)
    {
        const int panels = PanelFormats.Block / PanelFormats.Rows;
        float* scales = _buffers.Scratch[worker].Pointer, gate = _buffers.GateScratch[worker].Pointer, up = gate + StepBuffers.GateTokens * PanelFormats.Block;
        int blocks = _shape.FeedForward / PanelFormats.Block, share = Math.Max(1, blocks / (team.Threads * 8));
        while (team.Take(worker, blocks, share, out int block, out int end))
        {
            for (; block < end; block++)
            {
                for (int token = 0; token < _tokens; token += StepBuffers.GateTokens)
                {
                    int tokens = Math.Min(StepBuffers.GateTokens, _tokens - token), before = token * PanelFormats.Block + block * PanelFormats.Block;
                    MatMul.Run(new Product(layer.Gate, (nint)(gate - before), PanelFormats.Block, false), normed, token, tokens, block * panels, panels, scales);
                    MatMul.Run(new Product(layer.Up, (nint)(up - before), PanelFormats.Block, false), normed, token, tokens, block * panels, panels, scales);
                    Gate.Run(_shape.Activation, gate, up, tokens * PanelFormats.Block, gate);
                    Quantizer.RunBlock(gate, _buffers.Gated, token, tokens, _shape.FeedForward, block);
                }
            }
        }

        team.Complete(worker);
    }

    private static Product Into(PackedMatrix weights, AlignedBuffer<float> output, int stride) => new(weights, (nint)output.Pointer, stride, false);

    /// <summary>A block's last product: added to the residual at once, or kept apart where something is done to it first.</summary>
    private Product ToResidual(PackedMatrix weights, bool apart)
        => new(weights, (nint)(apart ? _buffers.Branch : _buffers.Residual).Pointer, _buffers.ResidualStride, !apart);

    private bool IsApart(AlignedBuffer<float>? norm, AlignedBuffer<float>? bias) => norm is not null || bias is not null || _shape.ResidualScale != 1;

    /// <summary>What is done to a block's output that was kept apart: bias, norm, scale, then it joins the residual.</summary>
    private void Join(WorkerTeam team, int worker, AlignedBuffer<float>? norm, AlignedBuffer<float>? bias, bool always)
    {
        if (!IsApart(norm, bias) && !always) return;
        while (team.Take(worker, _tokens, 1, out int token, out _))
        {
            float* branch = _buffers.Branch.Pointer + (long)token * _buffers.ResidualStride;
            if (bias is not null) Add(branch, bias.Pointer, _shape.Width);
            if (norm is not null) Norm.Rms(branch, norm.Pointer, _shape.Width, _shape.NormEpsilon, branch);
            if (_shape.ResidualScale != 1) Scale(branch, _shape.ResidualScale, _shape.Width);
            Add(_buffers.Residual.Pointer + (long)token * _buffers.ResidualStride, branch, _shape.Width);
        }

        team.Complete(worker);
    }

    private Activations Normalise(WorkerTeam team, int worker, AlignedBuffer<float>? weight, PackedMatrix consumer)
    {
        Activations activations = Choose(worker);
        bool shared = activations == _buffers.Shared;
        for (int token = 0, end = 0; Next(team, worker, shared, _tokens, ref token, ref end); token++)
        {
            float* residual = _buffers.Residual.Pointer + (long)token * _buffers.ResidualStride;
            if (weight is null)
            {
                activations.Set(token, residual, consumer.Columns, true, consumer.Format.IsQuantised());
                continue;
            }

            Norm.Rms(residual, weight.Pointer, _shape.Width, _shape.NormEpsilon, activations.Values(token));
            Quantise(activations, token, consumer);
        }

        if (shared) team.Complete(worker);
        return activations;
    }

    /// <summary>The attended rows, in the form that the next product takes.</summary>
    private Activations Copy(WorkerTeam team, int worker, PackedMatrix consumer)
    {
        bool quantised = consumer.Format.IsQuantised();
        Activations activations = Choose(worker);
        bool shared = activations == _buffers.Shared;
        for (int token = 0, end = 0; Next(team, worker, shared, _tokens, ref token, ref end); token++)
            activations.Set(token, _buffers.Query.Pointer + (long)token * _buffers.QueryStride, consumer.Columns, !quantised, quantised);
        if (shared) team.Complete(worker);
        return activations;
    }

    private Activations Activate(WorkerTeam team, int worker, PackedMatrix consumer)
    {
        Activations activations = Choose(worker);
        bool shared = activations == _buffers.Shared;
        for (int token = 0, end = 0; Next(team, worker, shared, _tokens, ref token, ref end); token++)
        {
            long at = (long)token * _buffers.FeedForwardStride;
            Gate.Run(_shape.Activation, _buffers.Gate.Pointer + at, _buffers.Up.Pointer + at, _shape.FeedForward, activations.Values(token));
            Quantise(activations, token, consumer);
        }

        if (shared) team.Complete(worker);
        return activations;
    }

    private void RotateAndStore(WorkerTeam team, int worker, DecoderLayer layer, int index)
    {
        int width = _shape.HeadDim, half = _shape.RopeDims / 2;
        while (team.Take(worker, _tokens, 1, out int token, out _))
        {
            int position = _positions[token];
            float* query = _buffers.Query.Pointer + (long)token * _buffers.QueryStride;
            float* key = _buffers.Key.Pointer + (long)token * _buffers.KeyStride;
            float* value = _buffers.Value.Pointer + (long)token * _buffers.KeyStride;
            if (layer.QueryBias is not null) Add(query, layer.QueryBias.Pointer, _shape.Heads * width);
            if (layer.KeyBias is not null) Add(key, layer.KeyBias.Pointer, _shape.KvHeads * width);
            if (layer.ValueBias is not null) Add(value, layer.ValueBias.Pointer, _shape.KvHeads * width);
            if (layer.QueryNorm is not null) NormaliseHeads(query, _shape.Heads * width, layer.QueryNorm);
            if (layer.KeyNorm is not null) NormaliseHeads(key, _shape.KvHeads * width, layer.KeyNorm);
            if (layer.Rope is RopeTable rope)
            {
                float* cos = rope.Row(position), sin = cos + half;
                for (int head = 0; head < _shape.Heads; head++) Rope.Turn(query + head * width, half, cos, sin);
                for (int head = 0; head < _shape.KvHeads; head++) Rope.Turn(key + head * width, half, cos, sin);
            }

            KvPage page = _step.Sequences[_owners[token]].Cache.Pages[position / KvLayout.PagePositions];
            byte* memory = page.Data + index * _layout.LayerBytes;
            for (int head = 0; head < _shape.KvHeads; head++)
                KvWriter.Write(_layout, memory + head * _layout.HeadBytes, position % KvLayout.PagePositions, key + head * width, value + head * width, width);
        }

        team.Complete(worker);
    }

    private void Predict(WorkerTeam team, int worker)
    {
        int rows = _step.LogitRows;
        if (rows == 0) return;
        bool shared = rows > PrivateTokens;
        Activations activations = shared ? _buffers.Shared : _buffers.Private[worker];
        for (int row = 0, end = 0; Next(team, worker, shared, rows, ref row, ref end); row++)
        {
            float* residual = _buffers.Residual.Pointer + (long)_logitTokens[row] * _buffers.ResidualStride;
            Norm.Rms(residual, _weights.OutputNorm.Pointer, _shape.Width, _shape.NormEpsilon, activations.Values(row));
            Quantise(activations, row, _weights.Head);
        }

        if (shared) team.Complete(worker);
        Multiply(team, worker, activations, rows, new Product(_weights.Head, _logits, LogitStride, false));
        if (_shape.LogitSoftcap == 0 && _shape.LogitScale == 1) return;
        while (team.Take(worker, rows, 1, out int row, out _))
        {
            float* logits = (float*)_logits + (long)row * LogitStride;
            if (_shape.LogitScale != 1) Scale(logits, _shape.LogitScale, LogitStride);
            if (_shape.LogitSoftcap != 0) Softcap.Run(logits, LogitStride, _shape.LogitSoftcap);
        }

        team.Complete(worker);
    }

    private void NormaliseHeads(float* heads, int count, NormWeight norm)
    {
        for (int at = 0; at < count; at += norm.Width) Norm.Rms(heads + at, norm.Weights.Pointer, norm.Width, _shape.NormEpsilon, heads + at);
    }

    private Activations Choose(int worker) => _tokens > PrivateTokens ? _buffers.Shared : _buffers.Private[worker];

    /// <summary>Whether there is a next token: the next of a share taken from the team, or simply the next of all.</summary>
    private static bool Next(WorkerTeam team, int worker, bool shared, int count, ref int token, ref int end)
    {
        if (!shared) return token < count;
        return token < end || team.Take(worker, count, 1, out token, out end);
    }

    private static void Scale(float* values, float scale, int count)
    {
        for (int i = 0; i < count; i++) values[i] *= scale;
    }

    private static void Add(float* sum, float* addend, int count)
    {
        int i = 0;
        for (; i <= count - 16; i += 16) (Vector512.Load(sum + i) + Vector512.Load(addend + i)).Store(sum + i);
        for (; i < count; i++) sum[i] += addend[i];
    }

    /// <summary>Of matrices that share activations, the one that needs most made of them: one that takes int8, where there is any.</summary>
    private static PackedMatrix Neediest(PackedMatrix first, PackedMatrix second, PackedMatrix? third = null)
        => first.Format.IsQuantised() ? first : second.Format.IsQuantised() ? second : third ?? first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quantise(Activations activations, int token, PackedMatrix consumer)
    {
        if (consumer.Format.IsQuantised()) Quantizer.Run(activations, token, consumer.Columns);
    }

    /// <summary>Multiplies up to three matrices with the same activations, panels shared out over the team.</summary>
    private void Multiply(WorkerTeam team, int worker, Activations activations, int tokens, in Product first, in Product second = default, in Product third = default)
    {
        int a = first.Weights.Panels, b = a + (second.Weights?.Panels ?? 0), total = b + (third.Weights?.Panels ?? 0);
        int share = Math.Max(1, total / (team.Threads * 8));
        float* scratch = _buffers.Scratch[worker].Pointer;
        while (team.Take(worker, total, share, out int panel, out int end))
        {
            Part(first, activations, tokens, panel, end, 0, a, scratch);
            Part(second, activations, tokens, panel, end, a, b, scratch);
            Part(third, activations, tokens, panel, end, b, total, scratch);
        }

        team.Complete(worker);
    }

    private static void Part(in Product product, Activations activations, int tokens, int panel, int end, int from, int to, float* scratch)
    {
        int first = Math.Max(panel, from), last = Math.Min(end, to);
        if (first < last) MatMul.Run(product, activations, 0, tokens, first - from, last - first, scratch);
    }
}
