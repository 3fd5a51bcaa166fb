namespace Konko.Engine.Sampling;

/// <summary>The tokens of prompt and text so far, and what repetition, frequency and presence penalties make of them.</summary>
internal sealed class TokenPenalties
{
    private readonly float _repetition;
    private readonly float _frequency;
    private readonly float _presence;

    /// <summary>The prompt's tokens, each once; nothing where no repetition penalty asks for them.</summary>
    private readonly HashSet<int> _prompt;
    private readonly Dictionary<int, int> _counts;
    private readonly List<int> _text;

    private TokenPenalties(SamplingParameters parameters, ReadOnlySpan<int> prompt)
    {
        _repetition = parameters.RepetitionPenalty;
        _frequency = parameters.FrequencyPenalty;
        _presence = parameters.PresencePenalty;
        _prompt = [];
        _counts = [];
        _text = [];
        if (_repetition == 1f) return;
        foreach (int id in prompt) _prompt.Add(id);
    }

    private TokenPenalties(TokenPenalties other)
    {
        _repetition = other._repetition;
        _frequency = other._frequency;
        _presence = other._presence;
        _prompt = other._prompt;
        _counts = new Dictionary<int, int>(other._counts);
        _text = [.. other._text];
    }

    /// <summary>The penalties that the parameters ask for, or null.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="prompt">The prompt's tokens.</param>
    public static TokenPenalties? Create(SamplingParameters parameters, ReadOnlySpan<int> prompt)
        => parameters is { RepetitionPenalty: 1f, FrequencyPenalty: 0f, PresencePenalty: 0f } ? null : new TokenPenalties(parameters, prompt);

    /// <summary>A copy with a text of its own.</summary>
    public TokenPenalties Clone() => new(this);

    /// <summary>Adds a token to the text.</summary>
    /// <param name="id">The token.</param>
    public void Accept(int id)
    {
        _text.Add(id);
        _counts[id] = _counts.GetValueOrDefault(id) + 1;
    }

    /// <summary>Takes the last tokens of the text back.</summary>
    /// <param name="count">How many.</param>
    public void Rollback(int count)
    {
        for (; count > 0; count--)
        {
            int id = _text[^1];
            _text.RemoveAt(_text.Count - 1);
            if (--_counts[id] == 0) _counts.Remove(id);
        }
    }

    /// <summary>Changes the logits. Every token is changed by itself, so that no order matters.</summary>
    /// <param name="logits">A row of logits.</param>
    public void Apply(Span<float> logits)
    {
        foreach (int id in _prompt)
        {
            if (!_counts.ContainsKey(id)) logits[id] = Repeated(logits[id]);
        }

        foreach ((int id, int count) in _counts)
            logits[id] = Repeated(logits[id]) - _frequency * count - _presence;
    }

    private float Repeated(float logit)
    {
        if (_repetition == 1f) return logit;
        return logit > 0 ? Math.Min(logit / _repetition, float.MaxValue) : logit * _repetition;
    }
}
