using System.Globalization;
using System.Text.Json;
using Konko.Engine.Sampling;
using Konko.Server.Api.Validation;
using Konko.Server.Providers;

namespace Konko.Server.Api.Answers;

/// <summary>The parameters that all answering endpoints share, each read in one place.</summary>
internal static class AnswerParameters
{
    /// <summary>Most choices of a request, over all its prompts.</summary>
    public const int MaxChoices = 128;

    private const int MaxStops = 4;

    /// <summary>Reads what the endpoints share.</summary>
    /// <param name="parameters">The request's parameters.</param>
    /// <param name="prompts">The prompts, read already.</param>
    /// <param name="topLogProbs">Alternatives to report, read already; null reports no log-probabilities.</param>
    /// <param name="defaultMaxTokens">Most tokens where the caller does not say; null is as many as there is room for.</param>
    /// <returns>The request; worth nothing if the parameters failed.</returns>
    public static AnswerRequest Read(Parameters parameters, IReadOnlyList<Prompt> prompts, int? topLogProbs, int? defaultMaxTokens)
    {
        bool stream = parameters.Boolean("stream");
        int? maxTokens = MaxTokens(parameters) ?? defaultMaxTokens;
        return new AnswerRequest
        {
            Model = Model(parameters),
            Prompts = prompts,
            MaxTokens = maxTokens,
            Sampling = Sampling(parameters, maxTokens, topLogProbs),
            Seed = parameters.Integer("seed"),
            Choices = (int)(parameters.Integer("n", 1, MaxChoices) ?? 1),
            Stop = Stop(parameters),
            Stream = stream,
            IncludeUsage = StreamOption(parameters, stream, "include_usage"),
            Resumable = StreamOption(parameters, stream, "resumable"),
            Details = parameters.Boolean("details"),
        };
    }

    private static string Model(Parameters parameters)
    {
        string model = parameters.Text("model") ?? "";
        if (model.Length == 0) parameters.Fail("model", "must name the model that is to answer.");
        return model;
    }

    private static int? MaxTokens(Parameters parameters)
    {
        long? older = parameters.Integer("max_tokens", 0);
        long? newer = parameters.Integer("max_completion_tokens", 0);
        // Clamped to the context later, so that more than any context has is as good as any other number.
        return (newer ?? older) is long most ? (int)Math.Min(most, int.MaxValue) : null;
    }

    private static SamplingParameters Sampling(Parameters parameters, int? maxTokens, int? topLogProbs)
    {
        long topK = parameters.Integer("top_k", -1) ?? 0;
        long minTokens = parameters.Integer("min_tokens", 0) ?? 0;
        if (minTokens > (maxTokens ?? int.MaxValue)) parameters.Fail("min_tokens", "must not be above the most tokens that are allowed.");
        return new SamplingParameters
        {
            Temperature = (float)(parameters.Number("temperature", 0, 2) ?? 1) + 0f,
            TopP = Share(parameters.Number("top_p", 0, 1, aboveMin: true)),
            TopK = (int)Math.Clamp(topK, 0, int.MaxValue),
            MinP = (float)(parameters.Number("min_p", 0, 1) ?? 0) + 0f,
            TypicalP = Share(parameters.Number("typical_p", 0, 1, aboveMin: true)),
            RepetitionPenalty = (float)(parameters.Number("repetition_penalty", 0.01, 100) ?? 1),
            PresencePenalty = (float)(parameters.Number("presence_penalty", -2, 2) ?? 0),
            FrequencyPenalty = (float)(parameters.Number("frequency_penalty", -2, 2) ?? 0),
            LogitBias = LogitBias(parameters),
            MinTokens = (int)Math.Min(minTokens, int.MaxValue),
            IgnoreEos = parameters.Boolean("ignore_eos"),
            TopLogProbs = topLogProbs,
        };
    }

    // A share so small that single precision would make it zero still means "the best token alone".
    private static float Share(double? value) => Math.Max((float)(value ?? 1), 1e-30f);

    private static Dictionary<int, float> LogitBias(Parameters parameters)
    {
        var biases = new Dictionary<int, float>();
        if (parameters.Object("logit_bias") is not { } map) return biases;
        foreach (JsonProperty entry in parameters.Value("logit_bias")!.Value.EnumerateObject())
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                parameters.Fail("logit_bias", "must have token ids as keys, such as \"1234\".");
                break;
            }

            // As everywhere, the last of repeated keys counts, and null is no bias.
            if (map.Number(entry.Name, -100, 100) is double bias) biases[id] = (float)bias;
            if (parameters.Failed) break;
        }

        return biases;
    }

    private static List<string> Stop(Parameters parameters)
    {
        var stops = new List<string>();
        switch (parameters.Value("stop"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.String } one:
                stops.Add(one.GetString()!);
                break;
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() <= MaxStops && list.EnumerateArray().All(stop => stop.ValueKind == JsonValueKind.String):
                stops.AddRange(list.EnumerateArray().Select(stop => stop.GetString()!));
                break;
            default:
                parameters.Fail("stop", $"must be a string or a list of up to {MaxStops} strings.");
                break;
        }

        if (stops.Contains("")) parameters.Fail("stop", "must not hold an empty string.");
        return stops;
    }

    private static bool StreamOption(Parameters parameters, bool stream, string name)
    {
        if (parameters.Object("stream_options") is not { } options) return false;
        if (!stream) parameters.Fail("stream_options", "is only allowed with 'stream': true.");
        return options.Boolean(name);
    }
}
