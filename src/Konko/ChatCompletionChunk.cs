using System.Text.Json;
using System.Text.Json.Serialization;
using Konko.Json;
using Konko.Printing;
using Konko.Protocol.Answers;
using Konko.Streaming;

namespace Konko;

/// <summary>One event of a streamed chat answer. It prints as Python's SDK prints it; <see cref="Text"/> is what it adds.</summary>
public sealed record ChatCompletionChunk : IAnswerChunk
{
    /// <summary>The answer's id, the same in every chunk.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>Always <c>chat.completion.chunk</c>.</summary>
    public string Object { get; init => field = value ?? "chat.completion.chunk"; } = "chat.completion.chunk";

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }

    /// <summary>The model that answers.</summary>
    public string Model { get; init => field = value ?? ""; } = "";

    /// <summary>Identifies weights and arithmetic; equal fingerprints and seeds give equal answers.</summary>
    public string? SystemFingerprint { get; init; }

    /// <summary>What goes on, usually one choice; none in the chunk that holds only usage.</summary>
    public IReadOnlyList<ChatChunkChoice> Choices { get; init => field = value ?? []; } = [];

    /// <summary>The sampled token, from Konko's servers.</summary>
    public AnswerToken? Token { get; init; }

    /// <summary>The choice's raw text, on its last chunk, from Konko's servers.</summary>
    public string? GeneratedText { get; init; }

    /// <summary>The choice's details, on its last chunk where they were asked for.</summary>
    public AnswerDetails? Details { get; init; }

    /// <summary>The choice's times, on its last chunk.</summary>
    public AnswerStats? Stats { get; init; }

    /// <summary>What the request cost, on one chunk of the stream.</summary>
    public CompletionUsage? Usage { get; init; }

    /// <summary>Fields that this version does not know, as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <summary>The text that the first choice of the chunk adds; empty where it adds none.</summary>
    [JsonIgnore]
    public string Text => Choices is [var choice, ..] ? choice.Delta.Content ?? "" : "";

    /// <inheritdoc/>
    public override string ToString() => new PythonText(nameof(ChatCompletionChunk))
        .Field("id", Id).Field("choices", Choices).Field("created", Created).Field("model", Model).Field("object", Object)
        .Field("system_fingerprint", SystemFingerprint).Field("usage", Usage)
        .Extra("token", SdkJson.Element(Token)).Extra("generated_text", GeneratedText)
        .Extra("details", SdkJson.Element(Details)).Extra("stats", SdkJson.Element(Stats)).Extra(Extra).ToString();
}
