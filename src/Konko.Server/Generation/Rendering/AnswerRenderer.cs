using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Konko.Protocol;
using Konko.Protocol.Answers;
using Konko.Protocol.Sse;

namespace Konko.Server.Generation.Rendering;

/// <summary>Renders an event log: as a stream, chunk by chunk, or as a whole.</summary>
public abstract class AnswerRenderer
{
    /// <summary>Writes an event's chunk, and the usage's own where that was asked for.</summary>
    /// <param name="entry">The event; not a failure.</param>
    /// <param name="output">Where to.</param>
    public abstract void WriteChunk(GenerationEvent entry, SseWriter output);

    /// <summary>Adds an event to the whole answer.</summary>
    /// <param name="entry">The event; not a failure.</param>
    public abstract void Fold(GenerationEvent entry);

    /// <summary>Writes the whole answer as JSON.</summary>
    /// <param name="output">Where to.</param>
    public abstract void WriteWhole(IBufferWriter<byte> output);
}

/// <summary>The renderer of one kind of answer: the whole is a fold of the very chunks that a stream would send.</summary>
/// <typeparam name="TChunk">The chunk's record.</typeparam>
/// <typeparam name="TWhole">The whole answer's record.</typeparam>
/// <param name="frame">What stands around the events.</param>
/// <param name="chunkType">How a chunk is serialised.</param>
/// <param name="wholeType">How the whole is serialised.</param>
internal abstract class AnswerRenderer<TChunk, TWhole>(AnswerFrame frame, JsonTypeInfo<TChunk> chunkType, JsonTypeInfo<TWhole> wholeType) : AnswerRenderer
{
    protected AnswerFrame Frame { get; } = frame;

    public sealed override void WriteChunk(GenerationEvent entry, SseWriter output)
    {
        if (Lead(entry) is { } lead) output.WriteEvent(lead, chunkType);
        output.WriteEvent(Chunk(entry), chunkType);
        if (Frame.IncludeUsage && entry is ChoiceAdvanced { Usage: { } usage }) output.WriteEvent(UsageChunk(Usage(usage)), chunkType);
    }

    public sealed override void Fold(GenerationEvent entry) => Fold(Chunk(entry));

    public sealed override void WriteWhole(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, WireJson.Writer);
        JsonSerializer.Serialize(json, Whole(), wholeType);
    }

    protected abstract TChunk EchoChunk(PromptEchoed echo);

    protected abstract TChunk Chunk(ChoiceAdvanced advanced);

    /// <summary>A chunk that adds nothing to the answer and goes before an event's own in a stream; null for none.</summary>
    protected virtual TChunk? Lead(GenerationEvent entry) => default;

    protected abstract TChunk UsageChunk(AnswerUsage usage);

    protected abstract void Fold(TChunk chunk);

    protected abstract TWhole Whole();

    protected AnswerUsage? UsageOf(ChoiceAdvanced advanced)
        => advanced.Usage is { } usage && !Frame.IncludeUsage ? Usage(usage) : null;

    protected static AnswerToken? TokenOf(ChoiceAdvanced advanced)
        => advanced.Token is { } token
            ? new AnswerToken { Id = token.Id, Text = token.Text, Logprob = WireNumbers.LogProb(token.LogProb), Special = token.Special }
            : null;

    protected AnswerDetails? DetailsOf(ChoiceAdvanced advanced)
        => advanced.End is { } end && Frame.Details
            ? new AnswerDetails
            {
                FinishReason = end.Reason switch
                {
                    FinishDetail.EosToken => "eos_token",
                    FinishDetail.StopSequence => "stop_sequence",
                    _ => "length",
                },
                GeneratedTokens = end.GeneratedTokens,
                InputLength = Frame.PromptTokens[advanced.Choice / Frame.ChoicesPerPrompt],
                Seed = Frame.Seed,
            }
            : null;

    protected static AnswerStats? StatsOf(ChoiceAdvanced advanced)
        => advanced.End?.Stats is { } stats
            ? new AnswerStats
            {
                TotalTime = AnswerDuration.From(stats.Total),
                ValidationTime = AnswerDuration.From(stats.Validation),
                QueueTime = AnswerDuration.From(stats.Queue),
                InferenceTime = AnswerDuration.From(stats.Inference),
                TimePerToken = AnswerDuration.From(stats.PerToken),
            }
            : null;

    private TChunk Chunk(GenerationEvent entry) => entry switch
    {
        ChoiceAdvanced advanced => Chunk(advanced),
        PromptEchoed echo => EchoChunk(echo),
        _ => throw new ArgumentException($"An answer has no chunk for {entry.GetType().Name}.", nameof(entry)),
    };

    private static AnswerUsage Usage(TokenUsage usage) => new()
    {
        PromptTokens = usage.PromptTokens,
        CompletionTokens = usage.CompletionTokens,
        TotalTokens = usage.PromptTokens + usage.CompletionTokens,
        PromptTokensDetails = new PromptTokensDetails { CachedTokens = usage.CachedTokens },
    };
}
