using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Cli.Running;
using static Konko.Cli.Parameters.ParameterKind;
using static Konko.Cli.Parameters.ParameterScope;

namespace Konko.Cli.Parameters;

/// <summary>Every parameter of a request that has a flag: the one table behind flags, help and <c>/set</c>.</summary>
internal static class RequestParameters
{
    /// <summary>The parameters in the order of the help.</summary>
    public static IReadOnlyList<RequestParameter> All { get; } =
    [
        new("max_tokens", "--max-tokens", "-n", "N", Integer, Both, "Most tokens of the answer."),
        new("temperature", "--temperature", "-t", "T", Number, Both, "0 … 2: how freely tokens are chosen; 0 takes the likeliest always. Default: 1."),
        new("top_p", "--top-p", null, "P", Number, Both, "Only the likeliest tokens that hold so much of the probability. Default: 1."),
        new("top_k", "--top-k", null, "K", Integer, Both, "Only the K likeliest tokens."),
        new("min_p", "--min-p", null, "P", Number, Both, "Only tokens with at least P of the likeliest one's probability."),
        new("typical_p", "--typical-p", null, "P", Number, Both, "Only tokens about as surprising as is to be expected, up to so much of the probability."),
        new("seed", "--seed", "-s", "SEED", Integer, Both, "The same request with the same seed has the same answer. Default: a new one each time."),
        new("stop", "--stop", null, "TEXT", Texts, Both, "A text that ends the answer. Repeatable, up to 4."),
        new("repetition_penalty", "--repetition-penalty", null, "R", Number, Both, "Above 1: against tokens that stand in the text already."),
        new("presence_penalty", "--presence-penalty", null, "P", Number, Both, "-2 … 2: against what was said at all."),
        new("frequency_penalty", "--frequency-penalty", null, "P", Number, Both, "-2 … 2: against what was said often."),
        new("logit_bias", "--logit-bias", null, "ID=BIAS", Biases, Both, "Makes a token likelier, up to 100, or less likely, down to -100. Repeatable."),
        new("min_tokens", "--min-tokens", null, "N", Integer, Both, "Fewest tokens of the answer."),
        new("reasoning_effort", "--reasoning-effort", null, "HOW", ParameterKind.Text, ParameterScope.Chat, "How long a model may think that thinks: low, medium, high."),
        new("n", "--n", null, "N", Integer, ParameterScope.Text, "How many alternatives; with --json."),
        new("best_of", "--best-of", null, "N", Integer, ParameterScope.Text, "So many are made and the best kept; with --no-stream."),
        new("logprobs", "--logprobs", null, "N", Integer, ParameterScope.Text, "The N likeliest tokens at each place and their log-probabilities; with --json."),
        new("echo", "--echo", null, "", Switch, ParameterScope.Text, "Begins the answer with the prompt."),
        new("suffix", "--suffix", null, "TEXT", ParameterKind.Text, ParameterScope.Text, "Fills the gap between the prompt and this, with models that can."),
    ];

    /// <summary>The parameter of a name, written as on the wire or as in a flag; null where there is none.</summary>
    public static RequestParameter? Find(string name, ParameterScope scope) =>
        All.FirstOrDefault(parameter => parameter.Scope.HasFlag(scope) && parameter.Name == name.TrimStart('-').Replace('-', '_'));

    /// <summary>A field of any name: <c>NAME=VALUE</c>, the value JSON, or text where it is none.</summary>
    /// <exception cref="UsageException">It has no name.</exception>
    public static (string Name, JsonNode? Value) ParseAny(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1) throw new UsageException($"--param must be NAME=VALUE, not '{text}'.");
        string value = text[(equals + 1)..];
        try
        {
            return (text[..equals], JsonNode.Parse(value));
        }
        catch (JsonException)
        {
            return (text[..equals], JsonValue.Create(value));
        }
    }
}
