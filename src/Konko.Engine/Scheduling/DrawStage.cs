using System.Numerics;
using System.Runtime.InteropServices;
using Konko.Engine.Kernels;
using Konko.Engine.Models;
using Konko.Engine.Sampling;

namespace Konko.Engine.Scheduling;

/// <summary>Draws the tokens of a step. Draws share nothing but the logits, so the model's own threads share them out: they are awake, and a step's end is short.</summary>
/// <param name="model">The model whose logits they are.</param>
/// <param name="step">The step that was computed.</param>
/// <param name="endOfGeneration">Ids of the tokens that end a text.</param>
internal sealed class DrawStage(CausalModel model, StepBatch step, IReadOnlyList<int> endOfGeneration) : TeamTask
{
    /// <summary>Most forced tokens of one choice in a step; further ones come in the next.</summary>
    private const int MostForced = 32;

    private readonly HashSet<int> _endTokens = [.. endOfGeneration];
    private readonly List<Draw> _draws = [];
    private SampledToken[] _drawn = new SampledToken[16];

    /// <summary>Number of draws.</summary>
    public int Count => _draws.Count;

    /// <summary>The draws; none may be added while they are looked at.</summary>
    public ReadOnlySpan<Draw> Draws => CollectionsMarshal.AsSpan(_draws);

    /// <summary>The tokens that a draw gave.</summary>
    public ReadOnlySpan<SampledToken> Tokens(in Draw draw) => _drawn.AsSpan(draw.First, draw.Count);

    /// <summary>Lists a draw.</summary>
    /// <param name="sequence">The choice that is drawn for.</param>
    /// <param name="source">The sequence of the step whose logits they are.</param>
    public void Add(SequenceState sequence, SequenceState source) => _draws.Add(new Draw { Sequence = sequence, Source = source });

    /// <summary>Leaves only the first draws.</summary>
    public void Truncate(int count) => _draws.RemoveRange(count, _draws.Count - count);

    /// <summary>Makes all draws; what is thrown at one stays with it.</summary>
    public void Run()
    {
        int most = 0;
        foreach (ref Draw draw in CollectionsMarshal.AsSpan(_draws))
        {
            draw.First = most;
            most += 1 + draw.Sequence.Drafted + (draw.Sequence.Request.Request.Grammar is null ? 0 : MostForced);
        }

        if (most > _drawn.Length) _drawn = new SampledToken[BitOperations.RoundUpToPowerOf2((uint)most)];
        if (model.Team is { Threads: > 1 } team && _draws.Count > 1)
        {
            team.Run(this);
            return;
        }

        for (int i = 0; i < _draws.Count; i++) Make(i);
    }

    /// <inheritdoc/>
    public override void Run(WorkerTeam team, int worker)
    {
        while (team.Take(worker, _draws.Count, 1, out int index, out _)) Make(index);
    }

    /// <summary>Whether and why a token ends a choice.</summary>
    /// <param name="sequence">The choice.</param>
    /// <param name="token">The token.</param>
    /// <param name="number">The token's number among those of the choice, from 1.</param>
    public EndReason? EndOf(SequenceState sequence, int token, int number)
    {
        GenerationRequest request = sequence.Request.Request;
        if (!request.Sampling.IgnoreEos && _endTokens.Contains(token)) return EndReason.EndOfGeneration;
        return number == request.MaxTokens ? EndReason.Length : null;
    }

    private void Make(int index)
    {
        ref Draw draw = ref CollectionsMarshal.AsSpan(_draws)[index];
        try
        {
            Make(ref draw);
        }
        catch (Exception e)
        {
            draw.Error = e;
        }
    }

    /// <summary>A drafted token counts if it is the one that is drawn: what is drawn is the same whatever was drafted.</summary>
    private void Make(ref Draw draw)
    {
        SequenceState sequence = draw.Sequence;
        ReadOnlySpan<int> draft = sequence.Drafted > 0 ? sequence.Draft.Tokens : [];
        int firstRow = draw.Source.StepLogits - 1 - draft.Length;
        while (true)
        {
            ReadOnlySpan<float> logits = step.Logits(draw.Source.StepIndex, firstRow + draw.Count, model.VocabularySize);
            SampledToken token = sequence.Sampler!.Sample(logits, sequence.Generated + draw.Count);
            sequence.Sampler.Accept(token.Id);
            _drawn[draw.First + draw.Count] = token;
            int next = draw.Count++;
            if (EndOf(sequence, token.Id, sequence.Generated + draw.Count) is not null) return;
            if (next == draft.Length || token.Id != draft[next]) break;
        }

        AddForced(ref draw);
    }

    /// <summary>Adds the tokens that need no logits. Each is a function of the text before it, so it does not matter in which step it comes.</summary>
    private void AddForced(ref Draw draw)
    {
        SequenceState sequence = draw.Sequence;
        while (draw.Forced < MostForced && sequence.Sampler!.TryForced(out SampledToken token))
        {
            sequence.Sampler.Accept(token.Id);
            _drawn[draw.First + draw.Count++] = token;
            draw.Forced++;
            if (EndOf(sequence, token.Id, sequence.Generated + draw.Count) is not null) return;
        }
    }
}
