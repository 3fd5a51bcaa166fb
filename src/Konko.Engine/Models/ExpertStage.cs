using Konko.Engine.Kernels;
using Konko.Engine.Numerics;

namespace Konko.Engine.Models;

/// <summary>The feed-forward block of a layer with experts: routes, gathers each expert's tokens, multiplies, and sums in rank order.</summary>
/// <remarks>
/// A slot is one token at one rank. Slots are sorted by expert, each expert's first on a tile's border, so that an
/// expert's tokens are tiles like any other; where a slot lies changes no bit of what comes out of it.
/// </remarks>
internal sealed unsafe class ExpertStage : IDisposable
{
    private readonly DecoderShape _shape;
    private readonly StepBuffers _buffers;
    private readonly Activations _gathered;
    private readonly AlignedBuffer<float> _scores;
    private readonly AlignedBuffer<float> _gate;
    private readonly AlignedBuffer<float> _up;
    private readonly AlignedBuffer<float> _output;
    private readonly int[] _chosen;
    private readonly float[] _shares;
    private readonly int[] _slots;
    private readonly int[] _slotTokens;
    private readonly int[] _firstSlots;
    private readonly int[] _slotCounts;
    private readonly int _scoreStride;
    private readonly int _feedForwardStride;

    /// <summary>A stage for steps of up to so many tokens.</summary>
    public ExpertStage(DecoderShape shape, StepBuffers buffers, int tokens)
    {
        (_shape, _buffers) = (shape, buffers);
        int slots = tokens * shape.ExpertsUsed + shape.Experts * (Activations.TileTokens - 1);
        _gathered = new Activations(slots, Math.Max(shape.Width, shape.FeedForward));
        _scoreStride = (shape.Experts + 15) & ~15;
        _feedForwardStride = (shape.FeedForward + 15) & ~15;
        _scores = new AlignedBuffer<float>((long)tokens * _scoreStride);
        _gate = new AlignedBuffer<float>((long)slots * _feedForwardStride);
        _up = new AlignedBuffer<float>((long)slots * _feedForwardStride);
        _output = new AlignedBuffer<float>((long)slots * buffers.ResidualStride);
        _chosen = new int[tokens * shape.ExpertsUsed];
        _shares = new float[tokens * shape.ExpertsUsed];
        _slots = new int[tokens * shape.ExpertsUsed];
        _slotTokens = new int[slots];
        _firstSlots = new int[shape.Experts];
        _slotCounts = new int[shape.Experts];
    }

    /// <summary>Runs a layer's experts; the sums go to <see cref="StepBuffers.Branch"/>.</summary>
    /// <param name="team">The team.</param>
    /// <param name="worker">The thread.</param>
    /// <param name="layer">The layer; it has a router.</param>
    /// <param name="tokens">Tokens of the step.</param>
    public void Run(WorkerTeam team, int worker, DecoderLayer layer, int tokens)
    {
        ExpertRouter router = layer.Router!;
        float* scratch = _buffers.Scratch[worker].Pointer;
        Normalise(team, worker, scratch, layer, router, tokens);
        Route(team, worker, router, tokens);
        if (team.Take(worker, 1, 1, out _, out _)) Assign(tokens);
        team.Complete(worker);
        Gather(team, worker, layer, tokens);
        Multiply(team, worker, scratch, layer.Gate, _shape.FeedForward, _gate, _feedForwardStride, layer.Up, _up);
        Activate(team, worker, layer, router);
        Multiply(team, worker, scratch, layer.Down, _shape.Width, _output, _buffers.ResidualStride, null, null);
        Sum(team, worker, router, tokens);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gathered.Dispose();
        _scores.Dispose();
        _gate.Dispose();
        _up.Dispose();
        _output.Dispose();
    }

    private void Normalise(WorkerTeam team, int worker, float* scratch, DecoderLayer layer, ExpertRouter router, int tokens)
    {
        while (team.Take(worker, tokens, 1, out int token, out _))
        {
            float* residual = _buffers.Residual.Pointer + (long)token * _buffers.ResidualStride;
            Norm.Rms(residual, layer.FeedForwardNorm!.Pointer, _shape.Width, _shape.NormEpsilon, _buffers.Shared.Values(token));
            if (router.Weights.Format.IsQuantised()) Quantizer.Run(_buffers.Shared, token, _shape.Width);
        }

        team.Complete(worker);
        var product = new Product(router.Weights, (nint)_scores.Pointer, _scoreStride, false);
        while (team.Take(worker, router.Weights.Panels, 1, out int panel, out _)) MatMul.Run(product, _buffers.Shared, 0, tokens, panel, 1, scratch);
        team.Complete(worker);
    }

    /// <summary>Chooses each token's best experts, ties to the lowest, and their shares: softmax over the chosen ones' scores.</summary>
    private void Route(WorkerTeam team, int worker, ExpertRouter router, int tokens)
    {
        while (team.Take(worker, tokens, 1, out int token, out _))
        {
            float* scores = _scores.Pointer + (long)token * _scoreStride;
            for (int e = 0; router.Bias is not null && e < _shape.Experts; e++) scores[e] += router.Bias.Pointer[e];
            Span<int> chosen = _chosen.AsSpan(token * _shape.ExpertsUsed, _shape.ExpertsUsed);
            Span<float> shares = _shares.AsSpan(token * _shape.ExpertsUsed, _shape.ExpertsUsed);
            for (int rank = 0; rank < chosen.Length; rank++)
            {
                int best = -1;
                for (int e = 0; e < _shape.Experts; e++)
                    if (!chosen[..rank].Contains(e) && (best < 0 || scores[e] > scores[best])) best = e;
                chosen[rank] = best;
            }

            float sum = 0;
            for (int rank = 0; rank < chosen.Length; rank++) sum += shares[rank] = ScalarMath.Exp(scores[chosen[rank]] - scores[chosen[0]]);
            for (int rank = 0; rank < chosen.Length; rank++) shares[rank] /= sum;
        }

        team.Complete(worker);
    }

    private void Assign(int tokens)
    {
        Array.Clear(_slotCounts);
        int used = tokens * _shape.ExpertsUsed;
        for (int i = 0; i < used; i++) _slotCounts[_chosen[i]]++;
        for (int e = 0, next = 0; e < _shape.Experts; e++)
        {
            _firstSlots[e] = next;
            next += (_slotCounts[e] + Activations.TileTokens - 1) / Activations.TileTokens * Activations.TileTokens;
        }

        Array.Clear(_slotCounts);
        for (int i = 0; i < used; i++)
        {
            _slots[i] = _firstSlots[_chosen[i]] + _slotCounts[_chosen[i]]++;
            _slotTokens[_slots[i]] = i / _shape.ExpertsUsed;
        }
    }

    private void Gather(WorkerTeam team, int worker, DecoderLayer layer, int tokens)
    {
        bool gate = layer.Gate.Format.IsQuantised(), up = layer.Up.Format.IsQuantised();
        while (team.Take(worker, tokens * _shape.ExpertsUsed, 1, out int i, out _))
        {
            int slot = _slots[i];
            _gathered.Set(slot, _buffers.Shared.Values(_slotTokens[slot]), _shape.Width, !gate || !up, gate || up);
        }

        team.Complete(worker);
    }

    /// <summary>Multiplies each expert's slots with its rows of one matrix, or of two alike.</summary>
    private void Multiply(WorkerTeam team, int worker, float* scratch, PackedMatrix first, int rows, AlignedBuffer<float> output, int stride, PackedMatrix? second, AlignedBuffer<float>? secondOutput)
    {
        int panels = rows / PanelFormats.Rows, all = panels * (second is null ? 1 : 2);
        // A share is a few panels of one expert; experts without tokens are passed over.
        int share = Math.Clamp(all / (team.Threads * 2), 1, 16), shares = (all + share - 1) / share;
        while (team.Take(worker, _shape.Experts * shares, 1, out int item, out _))
        {
            int expert = item / shares, from = item % shares * share, to = Math.Min(from + share, all);
            if (_slotCounts[expert] == 0) continue;
            for (int panel = from; panel < to; panel++)
            {
                bool isFirst = panel < panels;
                int row = isFirst ? panel : panel - panels;
                // The product writes a panel of the stacked matrix where the expert's own row belongs.
                float* to0 = (isFirst ? output : secondOutput!).Pointer - (long)expert * rows;
                var product = new Product(isFirst ? first : second!, (nint)to0, stride, false);
                MatMul.Run(product, _gathered, _firstSlots[expert], _slotCounts[expert], expert * panels + row, 1, scratch);
            }
        }

        team.Complete(worker);
    }

    private void Activate(WorkerTeam team, int worker, DecoderLayer layer, ExpertRouter router)
    {
        while (team.Take(worker, _shape.Experts, 1, out int expert, out _))
        {
            for (int slot = _firstSlots[expert]; slot < _firstSlots[expert] + _slotCounts[expert]; slot++)
            {
                float* gate = _gate.Pointer + (long)slot * _feedForwardStride, up = _up.Pointer + (long)slot * _feedForwardStride;
                for (int i = 0; router.GateBias is not null && i < _shape.FeedForward; i++) gate[i] += router.GateBias.Pointer[(long)expert * _shape.FeedForward + i];
                for (int i = 0; router.UpBias is not null && i < _shape.FeedForward; i++) up[i] += router.UpBias.Pointer[(long)expert * _shape.FeedForward + i];
                Gate.Run(_shape.Activation, gate, up, _shape.FeedForward, _gathered.Values(slot));
                if (layer.Down.Format.IsQuantised()) Quantizer.Run(_gathered, slot, _shape.FeedForward);
            }
        }

        team.Complete(worker);
    }

    private void Sum(WorkerTeam team, int worker, ExpertRouter router, int tokens)
    {
        while (team.Take(worker, tokens, 1, out int token, out _))
        {
            float* sum = _buffers.Branch.Pointer + (long)token * _buffers.ResidualStride;
            new Span<float>(sum, _shape.Width).Clear();
            for (int rank = 0; rank < _shape.ExpertsUsed; rank++)
            {
                int i = token * _shape.ExpertsUsed + rank;
                float* output = _output.Pointer + (long)_slots[i] * _buffers.ResidualStride;
                float* bias = router.DownBias is null ? null : router.DownBias.Pointer + (long)_chosen[i] * _shape.Width;
                for (int d = 0; d < _shape.Width; d++) sum[d] = MathF.FusedMultiplyAdd(bias is null ? output[d] : output[d] + bias[d], _shares[i], sum[d]);
            }
        }

        team.Complete(worker);
    }
}
