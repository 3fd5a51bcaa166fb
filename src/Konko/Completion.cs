using System.Text.Json;
using System.Text.Json.Serialization;
using Konko.Json;
using Konko.Printing;
using Konko.Protocol.Answers;

namespace Konko;

/// <summary>A whole continuation of a text. It prints as Python's SDK prints it; <see cref="Text"/> is the text.</summary>
public sealed record Completion
{
    /// <summary>The answer's id.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>Always <c>text_completion</c>.</summary>
    public string Object { get; init => field = value ?? "text_completion"; } = "text_completion";

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }

    /// <summary>The model that answers.</summary>
    public string Model { get; init => field = value ?? ""; } = "";

    /// <summary>The choices.</summary>
    public IReadOnlyList<CompletionChoice> Choices { get; init => field = value ?? []; } = [];

    /// <summary>Identifies weights and arithmetic; equal fingerprints and seeds give equal answers.</summary>
    public string? SystemFingerprint { get; init; }

    /// <summary>What the request cost.</summary>
    public CompletionUsage? Usage { get; init; }

    /// <summary>Details, where asked for.</summary>
    public AnswerDetails? Details { get; init; }

    /// <summary>Where the time went.</summary>
    public AnswerStats? Stats { get; init; }

    /// <summary>Fields that this version does not know, as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <summary>The first choice's text; empty where it has none.</summary>
    [JsonIgnore]
    public string Text => Choices is [var choice, ..] ? choice.Text : "";

    /// <summary>The answer as it came.</summary>
    [JsonIgnore]
    public RawResponse? Response { get; init; }

    /// <inheritdoc/>
    public override string ToString() => new PythonText("Completion")
        .Field("id", Id).Field("choices", Choices).Field("created", Created).Field("model", Model).Field("object", Object)
        .Field("system_fingerprint", SystemFingerprint).Field("usage", Usage)
        .Extra("details", SdkJson.Element(Details)).Extra("stats", SdkJson.Element(Stats)).Extra(Extra).ToString();
}
