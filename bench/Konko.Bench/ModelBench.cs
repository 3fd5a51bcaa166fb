using System.Diagnostics;
using Konko.Engine.Cache;
using Konko.Engine.Kernels;
using Konko.Engine.Models;

namespace Konko.Bench;

/// <summary>Times prefill and decoding of a model without a server or a sampler around it.</summary>
internal sealed unsafe class ModelBench : IDisposable
{
    private readonly CausalModel _model;
    private readonly AlignedBuffer<byte> _memory;
    private readonly KvSequence[] _sequences;
    private readonly StepBatch _step = new();
    private readonly Random _random = new(1);

    public ModelBench(CausalModel model, int positions, int streams)
    {
        _model = model;
        int pages = (positions + KvLayout.PagePositions - 1) / KvLayout.PagePositions;
        _memory = new AlignedBuffer<byte>(streams * pages * model.KvLayout.PageBytes);
        _sequences = new KvSequence[streams];
        for (int s = 0; s < streams; s++)
        {
            _sequences[s] = new KvSequence();
            for (int i = 0; i < pages; i++) _sequences[s].Pages.Add(new KvPage(_memory.Pointer + (s * pages + i) * model.KvLayout.PageBytes));
        }
    }

    /// <summary>Time to take in so many tokens, the last one's logits included, behind <paramref name="depth"/> others.</summary>
    public TimeSpan Prefill(int tokens, int depth)
    {
        _sequences[0].Length = depth;
        long start = Stopwatch.GetTimestamp();
        for (int at = 0; at < tokens; at += _model.MaxStepTokens)
        {
            int count = Math.Min(tokens - at, _model.MaxStepTokens);
            _step.Clear();
            _step.Add(_sequences[0], Tokens(count), at + count == tokens ? 1 : 0);
            _model.Forward(_step);
            _sequences[0].Length += count;
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Time of so many decoding steps of all streams together.</summary>
    public TimeSpan Generate(int tokens, int depth)
    {
        foreach (KvSequence sequence in _sequences) sequence.Length = depth;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < tokens; i++)
        {
            _step.Clear();
            foreach (KvSequence sequence in _sequences) _step.Add(sequence, Tokens(1), 1);
            _model.Forward(_step);
            foreach (KvSequence sequence in _sequences) sequence.Length++;
        }

        return Stopwatch.GetElapsedTime(start);
    }

    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public void Dispose()
    {
        _memory.Dispose();
        _step.Dispose();
    }

    private int[] Tokens(int count)
    {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) tokens[i] = _random.Next(_model.VocabularySize);
        return tokens;
    }
}
