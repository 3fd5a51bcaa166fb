using System.Diagnostics;
using Konko.Engine.Cache;
using Konko.Engine.Models;

namespace Konko.Cli.Bench;

/// <summary>Times the steps of one sequence: no scheduler, no sampler, random tokens, as llama-bench does.</summary>
internal sealed class StepBench : IDisposable
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(500);

    private readonly CausalModel _model;
    private readonly KvPool _pool;
    private readonly KvSequence _sequence = new();
    private readonly StepBatch _step = new();
    private readonly TokenSource _tokens;
    private int _filled;

    /// <summary>Room for a sequence.</summary>
    /// <param name="model">The model; not disposed of here.</param>
    /// <param name="positions">Most positions of a test.</param>
    /// <exception cref="BenchException">There is no memory for so many.</exception>
    public StepBench(CausalModel model, int positions)
    {
        _model = model;
        _tokens = new TokenSource(model.VocabularySize);
        _pool = new KvPool(model.KvLayout, KvPool.PagesFor(positions) * model.KvLayout.PageBytes);
        if (_pool.TryGrow(_sequence, positions)) return;
        Dispose();
        throw new BenchException($"There is no memory for the keys and values of {positions} tokens.");
    }

    /// <summary>Runs everything that is measured later for a while: the runtime compiles what is called often a second time.</summary>
    public void WarmUp()
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < s_warmUp;)
        {
            Prefill(Math.Min(63, _sequence.Capacity), 0);
            Generate(Math.Min(8, _sequence.Capacity), 0);
        }

        _filled = 0;
    }

    /// <summary>Time to take in a prompt, its last token's logits included.</summary>
    /// <param name="tokens">Tokens of the prompt.</param>
    /// <param name="depth">Tokens before it.</param>
    public TimeSpan Prefill(int tokens, int depth)
    {
        Fill(depth);
        long start = Stopwatch.GetTimestamp();
        TakeIn(tokens, 1);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Time to generate one token after the other.</summary>
    /// <param name="tokens">Tokens to generate.</param>
    /// <param name="depth">Tokens before them.</param>
    public TimeSpan Generate(int tokens, int depth)
    {
        Fill(depth);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < tokens; i++) Step(1, 1);
        return Stopwatch.GetElapsedTime(start);
    }

    public void Dispose()
    {
        _pool.Dispose();
        _step.Dispose();
    }

    // Real keys and values, computed once a depth: what stands before a test is not a part of it.
    private void Fill(int depth)
    {
        _sequence.Length = Math.Min(_filled, depth);
        if (_sequence.Length < depth) TakeIn(depth - _sequence.Length, 0);
        _filled = depth;
    }

    private void TakeIn(int tokens, int logits)
    {
        for (int left = tokens; left > 0;)
        {
            int count = Math.Min(left, _model.MaxStepTokens);
            left -= count;
            Step(count, left == 0 ? logits : 0);
        }
    }

    private void Step(int tokens, int logits)
    {
        _step.Clear();
        _step.Add(_sequence, _tokens.Next(tokens), logits);
        _model.Forward(_step);
        _sequence.Length += tokens;
    }
}
