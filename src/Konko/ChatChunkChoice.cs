using System.Text.Json;
using System.Text.Json.Serialization;
using Konko.Json;
using Konko.Printing;
using Konko.Protocol.Chat;

namespace Konko;

/// <summary>What a chunk adds to one of the alternatives.</summary>
public sealed record ChatChunkChoice
{
    /// <summary>What is added.</summary>
    public ChoiceDelta Delta { get; init => field = value ?? new ChoiceDelta(); } = new();

    /// <summary>Why the choice ended: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>function_call</c> or <c>content_filter</c>; null until then.</summary>
    public string? FinishReason { get; init; }

    /// <summary>0 … n − 1.</summary>
    public int Index { get; init; }

    /// <summary>The token's log-probabilities; null unless asked for.</summary>
    public ChatLogprobs? Logprobs { get; init; }

    /// <summary>Fields that this version does not know, as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <inheritdoc/>
    public override string ToString() => new PythonText("Choice")
        .Field("delta", Delta).Field("finish_reason", FinishReason).Field("index", Index).Field("logprobs", SdkJson.Element(Logprobs)).Extra(Extra).ToString();
}
