namespace Konko.Engine.Sampling;

/// <summary>How the next token is drawn. The defaults draw from the model's own distribution.</summary>
/// <remarks>Names and order of application are those of vLLM. Values are validated before they come here.</remarks>
public sealed record SamplingParameters
{
    /// <summary>0 is greedy (ties to the lowest id), 1 the model's own distribution; 0 … 2.</summary>
    public float Temperature { get; init; } = 1f;

    /// <summary>Nucleus: the smallest set of best tokens whose probabilities reach this; 0 &lt; p ≤ 1, 1 is off.</summary>
    public float TopP { get; init; } = 1f;

    /// <summary>Only so many best tokens; 0 is off.</summary>
    public int TopK { get; init; }

    /// <summary>Only tokens of at least this share of the best token's probability; 0 is off.</summary>
    public float MinP { get; init; }

    /// <summary>Locally typical sampling's mass; 1 is off.</summary>
    public float TypicalP { get; init; } = 1f;

    /// <summary>Divides positive and multiplies negative logits of tokens in the prompt or the text so far; 1 is off.</summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>Taken once from the logit of every token in the text so far; −2 … 2.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Taken from the logit once for each occurrence in the text so far; −2 … 2.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Added to the logits of these token ids; −100 … 100.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>The seed; with it a token is a pure function of (seed, choice, position, logits, the text so far).</summary>
    public long Seed { get; init; }

    /// <summary>No end-of-generation token is drawn before so many tokens.</summary>
    public int MinTokens { get; init; }

    /// <summary>End-of-generation tokens are drawn like others and end nothing.</summary>
    public bool IgnoreEos { get; init; }

    /// <summary>How many of the model's own best alternatives to report for each token; null reports none at all, 0 only the drawn token's.</summary>
    public int? TopLogProbs { get; init; }
}
