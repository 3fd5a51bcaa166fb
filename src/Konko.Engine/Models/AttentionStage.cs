using System.Runtime.CompilerServices;
using Konko.Engine.Cache;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>Attention of a whole step: which thread does which rows and segments, and the merge of what it gave.</summary>
/// <remarks>
/// An item is up to eight query rows of one sequence and KV head. One thread walks all its segments; where there are
/// few items and many segments (one stream at depth), segments are items of their own and are merged, in the same
/// order, in a stage of their own.
/// </remarks>
internal sealed unsafe class AttentionStage : IDisposable
{
    private readonly DecoderShape _shape;
    private readonly KvLayout _layout;
    private readonly int _stateStride;
    private readonly AlignedBuffer<float>[] _scratch;
    private readonly List<Item> _items = [];
    private AlignedBuffer<float> _partials = new(0);
    private StepBatch _step = null!;
    private readonly int _threads;
    private int _splits;

    /// <summary>A stage for a model of the given shape.</summary>
    public AttentionStage(DecoderShape shape, KvLayout layout, int threads)
    {
        (_shape, _layout, _threads) = (shape, layout, threads);
        _stateStride = Attention.StateStride(layout.HeadDim);
        int floats = Attention.Rows * (shape.HeadDim + Attention.Segment + 2 * _stateStride) + 64;
        _scratch = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer<float>(floats))];
    }

    /// <summary>Lists the items of a step. Called by one thread.</summary>
    /// <param name="step">The step.</param>
    public void Prepare(StepBatch step)
    {
        _step = step;
        _items.Clear();
        _splits = 0;
        int rowItems = 0;
        foreach (StepSequence sequence in step.Sequences) rowItems += RowTiles(sequence) * _shape.KvHeads;
        bool split = rowItems < 4 * _threads;
        for (int s = 0; s < step.Sequences.Count; s++)
        {
            StepSequence sequence = step.Sequences[s];
            int segments = (sequence.Cache.Length + sequence.TokenCount + Attention.Segment - 1) / Attention.Segment;
            for (int head = 0; head < _shape.KvHeads; head++)
            {
                for (int tile = 0; tile < RowTiles(sequence); tile++)
                {
                    int partial = _splits;
                    if (split && segments > 1)
                    {
                        for (int i = 0; i < segments; i++) _items.Add(new Item(s, head, tile, i, i + 1, partial + i));
                        _splits += segments;
                    }
                    else
                    {
                        _items.Add(new Item(s, head, tile, 0, segments, -1));
                    }
                }
            }
        }

        long need = (long)_splits * Attention.Rows * _stateStride;
        if (need > _partials.Length)
        {
            _partials.Dispose();
            _partials = new AlignedBuffer<float>(need);
        }
    }

    /// <summary>Attends: queries in place become the heads' outputs.</summary>
    /// <param name="team">The team.</param>
    /// <param name="worker">This thread.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="index">Its index.</param>
    /// <param name="queries">[token][Heads · HeadDim].</param>
    /// <param name="stride">Floats from one token to the next.</param>
    public void Run(WorkerTeam team, int worker, DecoderLayer layer, int index, float* queries, int stride)
    {
        while (team.Take(worker, _items.Count, 1, out int item, out _)) Attend(item, worker, layer, index, queries, stride);
        team.Complete(worker);
        if (_splits == 0) return;
        while (team.Take(worker, _items.Count, 1, out int item, out _)) MergeSplit(_items[item], layer, queries, stride);
        team.Complete(worker);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AlignedBuffer<float> scratch in _scratch) scratch.Dispose();
        _partials.Dispose();
    }

    private int RowTiles(StepSequence sequence) => (sequence.TokenCount * _shape.Group + Attention.Rows - 1) / Attention.Rows;

    [SkipLocalsInit]
    private void Attend(int number, int worker, DecoderLayer layer, int index, float* queries, int stride)
    {
        Item item = _items[number];
        StepSequence sequence = _step.Sequences[item.Sequence];
        int width = _shape.HeadDim;
        float* q = _scratch[worker].Pointer;
        float* scores = q + ((Attention.Rows * width + 15) & ~15);
        float* states = scores + Attention.Rows * Attention.Segment;
        float* merged = states + Attention.Rows * _stateStride;
        int* limits = stackalloc int[Attention.Rows];
        int* starts = stackalloc int[Attention.Rows];
        int rows = Math.Min(Attention.Rows, sequence.TokenCount * _shape.Group - item.Tile * Attention.Rows);
        for (int r = 0; r < rows; r++)
        {
            float* row = Row(sequence, item, r, queries, stride, out int token);
            limits[r] = sequence.Cache.Length + token + 1;
            starts[r] = layer.Window == 0 ? 0 : Math.Max(0, limits[r] - layer.Window);
            Attention.Scale(row, _shape.QueryScale, width, q + r * width);
        }

        new Span<float>(q + rows * width, (Attention.Rows - rows) * width).Clear();
        long offset = Offset(item, index);
        if (item.Partial >= 0)
        {
            states = _partials.Pointer + (long)item.Partial * Attention.Rows * _stateStride;
            Attention.RunSegment(_layout, sequence.Cache.Pages, offset, item.FirstSegment, After(number, index), q, width, rows, limits, starts, _shape.AttentionSoftcap, scores, states);
            return;
        }

        // Rows go through the tokens, so the first row's window is the one that reaches back furthest.
        int first = starts[0] / Attention.Segment;
        for (int segment = first; segment < item.EndSegment; segment++)
        {
            float* into = segment == first ? merged : states;
            KvNext next = segment + 1 < item.EndSegment ? new KvNext(sequence.Cache.Pages, offset, segment + 1) : After(number, index);
            Attention.RunSegment(_layout, sequence.Cache.Pages, offset, segment, next, q, width, rows, limits, starts, _shape.AttentionSoftcap, scores, into);
            for (int r = 0; segment > first && r < rows; r++) Attention.Merge(merged + r * _stateStride, states + r * _stateStride, _layout.HeadDim);
        }

        for (int r = 0; r < rows; r++) Finish(merged + r * _stateStride, sequence, item, r, layer, queries, stride);
    }

    private long Offset(Item item, int layer) => layer * _layout.LayerBytes + item.Head * _layout.HeadBytes;

    /// <summary>What the thread most likely reads after an item: the next one.</summary>
    private KvNext After(int number, int layer)
        => number + 1 < _items.Count && _items[number + 1] is Item item ? new KvNext(_step.Sequences[item.Sequence].Cache.Pages, Offset(item, layer), item.FirstSegment) : default;

    private void MergeSplit(Item item, DecoderLayer layer, float* queries, int stride)
    {
        if (item.Partial < 0 || item.FirstSegment != 0) return;
        StepSequence sequence = _step.Sequences[item.Sequence];
        int segments = (sequence.Cache.Length + sequence.TokenCount + Attention.Segment - 1) / Attention.Segment;
        int rows = Math.Min(Attention.Rows, sequence.TokenCount * _shape.Group - item.Tile * Attention.Rows);
        float* first = _partials.Pointer + (long)item.Partial * Attention.Rows * _stateStride;
        for (int r = 0; r < rows; r++)
        {
            float* state = first + r * _stateStride;
            for (int i = 1; i < segments; i++) Attention.Merge(state, state + (long)i * Attention.Rows * _stateStride, _layout.HeadDim);
            Finish(state, sequence, item, r, layer, queries, stride);
        }
    }

    private void Finish(float* state, StepSequence sequence, Item item, int row, DecoderLayer layer, float* queries, int stride)
    {
        float* output = Row(sequence, item, row, queries, stride, out _);
        int head = item.Head * _shape.Group + (item.Tile * Attention.Rows + row) % _shape.Group;
        if (layer.Sinks is not null) Attention.Sink(state, layer.Sinks.Pointer[head], _layout.HeadDim);
        Attention.Finish(state, _shape.HeadDim, output);
    }

    /// <summary>The memory of an item's row and its token: rows go through the tokens, and within a token through the group's heads.</summary>
    private float* Row(StepSequence sequence, Item item, int row, float* queries, int stride, out int token)
    {
        int index = item.Tile * Attention.Rows + row;
        token = index / _shape.Group;
        int head = item.Head * _shape.Group + index % _shape.Group;
        return queries + (long)(sequence.FirstToken + token) * stride + head * _shape.HeadDim;
    }

    private readonly record struct Item(int Sequence, int Head, int Tile, int FirstSegment, int EndSegment, int Partial);
}
