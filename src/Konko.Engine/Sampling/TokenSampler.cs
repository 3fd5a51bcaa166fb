using Konko.Engine.Grammar;
using Konko.Engine.Numerics;

namespace Konko.Engine.Sampling;

/// <summary>
/// Draws the tokens of one choice. A token is a pure function of the parameters (the seed among them), the choice, the
/// position, the logits and the text so far.
/// </summary>
/// <remarks>
/// Under a grammar a token is drawn as if there were none, and kept where the grammar allows it; only where it does not, it
/// is drawn anew from the allowed tokens, which gives each of them its share of the probability. So a grammar changes no
/// bit of an answer that satisfies it anyway, and costs such an answer no mask.
/// The order is vLLM's: the model's own log-probabilities are taken from the logits as they come; then the grammar's
/// mask, the end tokens' mask before <see cref="SamplingParameters.MinTokens"/>, the logit bias, the repetition,
/// frequency and presence penalties; then greedy, or temperature, min-p, top-k, top-p, typical-p and the draw.
/// One caller at a time; nothing is allocated for a token but its log-probabilities.
/// </remarks>
public sealed unsafe class TokenSampler
{
    /// <summary>Below it a temperature is taken as 0, as vLLM does.</summary>
    private const float GreedyBelow = 1e-5f;

    private readonly SamplingParameters _parameters;
    private readonly int _choice;
    private readonly int[] _endOfGeneration;
    private readonly KeyValuePair<int, float>[] _bias;
    private readonly int _vocabularySize;
    private readonly TokenPenalties? _penalties;
    private readonly List<GrammarState>? _grammar;
    private ulong[]? _mask;

    /// <summary>A sampler at the start of a choice.</summary>
    /// <param name="parameters">How to draw; valid, as the server has checked.</param>
    /// <param name="choice">Which of the request's choices, from 0.</param>
    /// <param name="prompt">The prompt's tokens, for the repetition penalty.</param>
    /// <param name="endOfGeneration">The ids that end a generation.</param>
    /// <param name="vocabularySize">Number of logits of a row.</param>
    /// <param name="grammar">Where the text stands in its grammar; null for free text.</param>
    /// <exception cref="ArgumentOutOfRangeException">The logit bias names a token that there is not.</exception>
    public TokenSampler(
        SamplingParameters parameters, int choice, ReadOnlySpan<int> prompt, IReadOnlyList<int> endOfGeneration, int vocabularySize, GrammarState? grammar = null)
    {
        foreach (int id in parameters.LogitBias.Keys)
        {
            if ((uint)id >= (uint)vocabularySize)
                throw new ArgumentOutOfRangeException(nameof(parameters), id, $"logit_bias names token {id}; the vocabulary has the ids 0 to {vocabularySize - 1}.");
        }

        _parameters = parameters;
        _choice = choice;
        _endOfGeneration = [.. endOfGeneration];
        _bias = [.. parameters.LogitBias];
        _vocabularySize = vocabularySize;
        _penalties = TokenPenalties.Create(parameters, prompt);
        if (grammar is not null) _grammar = [grammar];
    }

    private TokenSampler(TokenSampler other)
    {
        _parameters = other._parameters;
        _choice = other._choice;
        _endOfGeneration = other._endOfGeneration;
        _bias = other._bias;
        _vocabularySize = other._vocabularySize;
        _penalties = other._penalties?.Clone();
        if (other._grammar is not null) _grammar = [.. other._grammar];
        Accepted = other.Accepted;
    }

    /// <summary>Number of tokens of the text so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>A copy that goes its own way from here.</summary>
    public TokenSampler Clone() => new(this);

    /// <summary>Draws a token; the text so far stays as it is until <see cref="Accept"/>.</summary>
    /// <param name="logits">The model's row of logits; −∞ marks tokens that it can not produce.</param>
    /// <param name="position">The number of the token: the same token has the same number whenever it is drawn again.</param>
    /// <param name="allowed">The grammar's mask, token i in bit i mod 64 of word i / 64; empty allows all.</param>
    /// <exception cref="NonFiniteLogitsException">A NaN or +∞ is among the logits, or no allowed token has a finite one.</exception>
    /// <exception cref="GrammarException">The grammar is too ambiguous to be followed.</exception>
    public SampledToken Sample(ReadOnlySpan<float> logits, int position, ReadOnlySpan<ulong> allowed = default)
    {
        if (_grammar is null || !allowed.IsEmpty) return Draw(logits, position, allowed, draw: 0);
        GrammarState state = _grammar[^1];
        if (state.ForcedTokens is [int forced, ..])
            return new SampledToken(forced, 0f, _parameters.TopLogProbs is int top ? LogProbabilities.Of(logits, forced, top) : null);

        SampledToken free = Draw(logits, position, default, draw: 0);
        if (state.Accept(free.Id) is not null) return free;
        _mask ??= new ulong[(Math.Max(_vocabularySize, state.VocabularySize) + 63) / 64];
        state.WriteMask(_mask);
        return Draw(logits, position, _mask, draw: 1);
    }

    /// <summary>The token that follows whatever the logits are, where the grammar leaves one way only and nobody asks what else the model would have said.</summary>
    /// <param name="token">The token, with the probability 1.</param>
    public bool TryForced(out SampledToken token)
    {
        token = default;
        if (_grammar is null || _parameters.TopLogProbs is not null || _grammar[^1].ForcedTokens is not [int forced, ..]) return false;
        token = new SampledToken(forced, 0f, null);
        return true;
    }

    private SampledToken Draw(ReadOnlySpan<float> logits, int position, ReadOnlySpan<ulong> allowed, int draw)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, _vocabularySize);
        CandidateSet candidates = CandidateSet.ForThread(_vocabularySize);
        int id;
        float logProb = 0f;
        fixed (float* row = logits)
        {
            float* adjusted = Adjust(row, candidates.Row, allowed, out float max);
            if (_parameters.Temperature < GreedyBelow)
            {
                id = LogitRow.IndexOf(adjusted, _vocabularySize, max);
            }
            else
            {
                Narrow(candidates, adjusted, max);
                (id, double probability) = candidates.Draw(Philox.Next(_parameters.Seed, _choice, position, draw));
                logProb = LogProbabilities.Finite(ScalarMath.Log(probability));
            }
        }

        TokenLogProbs? logProbs = _parameters.TopLogProbs is int top ? LogProbabilities.Of(logits, id, top) : null;
        return new SampledToken(id, logProb, logProbs);
    }

    /// <summary>Adds a token to the text so far.</summary>
    /// <param name="id">The token: the one drawn, or another that was forced.</param>
    /// <exception cref="InvalidOperationException">The grammar does not allow it.</exception>
    public void Accept(int id)
    {
        _grammar?.Add(_grammar[^1].Accept(id) ?? throw new InvalidOperationException($"The grammar does not allow token {id}."));
        Accepted++;
        _penalties?.Accept(id);
    }

    /// <summary>Takes the last tokens of the text back.</summary>
    /// <param name="count">How many.</param>
    public void Rollback(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Accepted, nameof(count));
        Accepted -= count;
        _grammar?.RemoveRange(_grammar.Count - count, count);
        _penalties?.Rollback(count);
    }

    /// <summary>The tokens that may be drawn, with their weights.</summary>
    /// <param name="logits">The model's row of logits.</param>
    /// <param name="allowed">The grammar's mask, or empty.</param>
    internal CandidateSet Candidates(ReadOnlySpan<float> logits, ReadOnlySpan<ulong> allowed)
    {
        CandidateSet candidates = CandidateSet.ForThread(_vocabularySize);
        fixed (float* row = logits)
        {
            float* adjusted = Adjust(row, candidates.Row, allowed, out float max);
            Narrow(candidates, adjusted, max);
        }

        return candidates;
    }

    private void Narrow(CandidateSet candidates, float* logits, float max)
    {
        candidates.Fill(logits, _vocabularySize, max, 1f / _parameters.Temperature);
        if (_parameters.MinP > 0f) candidates.KeepMinP(_parameters.MinP);
        if (_parameters.TopK > 0) candidates.KeepTopK(_parameters.TopK);
        if (_parameters.TopP < 1f) candidates.KeepTopP(_parameters.TopP);
        if (_parameters.TypicalP < 1f) candidates.KeepTypical(_parameters.TypicalP);
    }

    /// <summary>The row itself where nothing changes it, else the changed copy, and its greatest logit.</summary>
    private float* Adjust(float* logits, float* copy, ReadOnlySpan<ulong> allowed, out float max)
    {
        max = LogitRow.CheckedMax(logits, _vocabularySize);
        bool tooEarlyToEnd = Accepted < _parameters.MinTokens && _endOfGeneration.Length > 0;
        if (!tooEarlyToEnd && allowed.IsEmpty && _bias.Length == 0 && _penalties is null) return logits;

        max = Change(logits, copy, allowed, tooEarlyToEnd);

        // A grammar that has come to its end goes before min_tokens.
        if (max == float.NegativeInfinity && tooEarlyToEnd) max = Change(logits, copy, allowed, tooEarlyToEnd: false);
        if (max == float.NegativeInfinity) NonFiniteLogitsException.ThrowNothingAllowed();
        return copy;
    }

    private float Change(float* logits, float* copy, ReadOnlySpan<ulong> allowed, bool tooEarlyToEnd)
    {
        var row = new Span<float>(copy, _vocabularySize);
        new ReadOnlySpan<float>(logits, _vocabularySize).CopyTo(row);
        if (!allowed.IsEmpty) LogitRow.Mask(copy, _vocabularySize, allowed);
        if (tooEarlyToEnd)
        {
            foreach (int id in _endOfGeneration) row[id] = float.NegativeInfinity;
        }

        foreach ((int id, float bias) in _bias) row[id] += bias;
        _penalties?.Apply(row);
        return Reduce.Max(copy, _vocabularySize);
    }
}
