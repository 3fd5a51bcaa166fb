using System.Text.Json;
using System.Text.Json.Serialization;
using Konko.Json;
using Konko.Printing;
using Konko.Protocol.Chat;

namespace Konko;

/// <summary>One of the alternatives of a whole answer.</summary>
public sealed record ChatChoice
{
    /// <summary>Why it ended: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>function_call</c> or <c>content_filter</c>.</summary>
    public string? FinishReason { get; init; }

    /// <summary>0 … n − 1.</summary>
    public int Index { get; init; }

    /// <summary>The tokens' log-probabilities; null unless asked for.</summary>
    public ChatLogprobs? Logprobs { get; init; }

    /// <summary>The answer.</summary>
    public ChatCompletionMessage Message { get; init => field = value ?? new ChatCompletionMessage(); } = new();

    /// <summary>Fields that this version does not know, as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <inheritdoc/>
    public override string ToString() => new PythonText("Choice")
        .Field("finish_reason", FinishReason).Field("index", Index).Field("logprobs", SdkJson.Element(Logprobs)).Field("message", Message).Extra(Extra).ToString();
}
