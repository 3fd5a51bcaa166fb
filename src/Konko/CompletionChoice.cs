using System.Text.Json;
using System.Text.Json.Serialization;
using Konko.Json;
using Konko.Printing;
using Konko.Protocol.Completions;

namespace Konko;

/// <summary>One of the alternatives of a text completion, or what a chunk adds to it.</summary>
public sealed record CompletionChoice
{
    /// <summary><c>stop</c> or <c>length</c>; null until the choice's last chunk.</summary>
    public string? FinishReason { get; init; }

    /// <summary>From 0: those of the first prompt, then those of the second, and so on.</summary>
    public int Index { get; init; }

    /// <summary>The tokens' log-probabilities; null unless asked for.</summary>
    public CompletionLogprobs? Logprobs { get; init; }

    /// <summary>The text, or the text to append.</summary>
    public string Text { get; init => field = value ?? ""; } = "";

    /// <summary>Fields that this version does not know, as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <inheritdoc/>
    public override string ToString() => new PythonText(nameof(CompletionChoice))
        .Field("finish_reason", FinishReason).Field("index", Index).Field("logprobs", SdkJson.Element(Logprobs)).Field("text", Text).Extra(Extra).ToString();
}
