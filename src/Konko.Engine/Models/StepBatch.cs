using System.Runtime.InteropServices;
using Konko.Engine.Cache;

namespace Konko.Engine.Models;

/// <summary>The tokens of one step over any number of sequences, and the logits that come of them. Reused from step to step.</summary>
public sealed unsafe class StepBatch : IDisposable
{
    private readonly List<StepSequence> _sequences = [];
    private readonly List<int> _tokens = [];
    private float* _logits;
    private nuint _capacity;
    private int _rowStride;

    /// <summary>The sequences of the step, in order.</summary>
    public IReadOnlyList<StepSequence> Sequences => _sequences;

    /// <summary>All tokens of the step, sequence after sequence.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Number of rows of logits asked for.</summary>
    public int LogitRows { get; private set; }

    /// <summary>Empties the step.</summary>
    public void Clear()
    {
        _sequences.Clear();
        _tokens.Clear();
        LogitRows = 0;
    }

    /// <summary>Adds the next tokens of a sequence.</summary>
    /// <param name="cache">The sequence's pages; they must cover <c>Length + tokens.Length</c> positions.</param>
    /// <param name="tokens">The token ids, at positions <c>cache.Length</c> and on.</param>
    /// <param name="logits">How many of the last of these tokens' logits are wanted (0 … tokens.Length).</param>
    /// <returns>The index of the sequence within the step.</returns>
    public int Add(KvSequence cache, ReadOnlySpan<int> tokens, int logits)
    {
        _sequences.Add(new StepSequence(cache, _tokens.Count, tokens.Length, logits, LogitRows));
        _tokens.AddRange(tokens);
        LogitRows += logits;
        return _sequences.Count - 1;
    }

    /// <summary>The logits after a token: those of the sequence's <paramref name="index"/>-th wanted token.</summary>
    /// <param name="sequence">The index that <see cref="Add"/> returned.</param>
    /// <param name="index">0 … logits − 1.</param>
    /// <param name="vocabulary">Number of logits of a row.</param>
    public ReadOnlySpan<float> Logits(int sequence, int index, int vocabulary)
        => new(_logits + (long)(_sequences[sequence].FirstLogitRow + index) * _rowStride, vocabulary);

    /// <summary>For models: a buffer of <see cref="LogitRows"/> rows to fill.</summary>
    /// <param name="rowStride">Floats from one row to the next.</param>
    public float* ReserveLogits(int rowStride)
    {
        nuint need = (nuint)LogitRows * (nuint)rowStride * sizeof(float);
        if (need > _capacity)
        {
            NativeMemory.AlignedFree(_logits);
            _logits = (float*)NativeMemory.AlignedAlloc(need, 64);
            _capacity = need;
        }

        _rowStride = rowStride;
        return _logits;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_logits);
        _logits = null;
        _capacity = 0;
    }
}

/// <summary>One sequence's share of a step.</summary>
/// <param name="Cache">Its pages and length.</param>
/// <param name="FirstToken">Where its tokens start in <see cref="StepBatch.Tokens"/>.</param>
/// <param name="TokenCount">How many tokens it has in the step.</param>
/// <param name="LogitCount">How many of the last of them want logits.</param>
/// <param name="FirstLogitRow">Where its rows of logits start.</param>
public readonly record struct StepSequence(KvSequence Cache, int FirstToken, int TokenCount, int LogitCount, int FirstLogitRow);
