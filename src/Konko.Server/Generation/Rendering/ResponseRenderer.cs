using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Konko.Protocol;
using Konko.Protocol.Responses;
using Konko.Protocol.Sse;

namespace Konko.Server.Generation.Rendering;

/// <summary>
/// Answers of <c>POST /v1/responses</c>: an item for what the model thought aloud, then one for its message. A stream sends
/// the steps of the very log whose end is the whole answer.
/// </summary>
/// <param name="frame">What stands around the events.</param>
/// <param name="echo">What is repeated of the request.</param>
internal sealed class ResponseRenderer(AnswerFrame frame, ResponseEcho echo) : AnswerRenderer
{
    private readonly List<ResponseItem> _output = [];
    private readonly List<ResponseEvent> _events = [];
    private readonly StringBuilder _text = new();
    private OpenItem? _open;
    private ResponseUsage? _usage;
    private string _status = "in_progress";
    private int _sequence;
    private int _tokens;
    private int _thinkingTokens;

    public override void WriteChunk(GenerationEvent entry, SseWriter output)
    {
        Take(entry);
        foreach (ResponseEvent step in _events) output.WriteNamedEvent(step.Type, step, WireJson.Default.ResponseEvent);
        _events.Clear();
    }

    public override void Fold(GenerationEvent entry)
    {
        Take(entry);
        _events.Clear();
    }

    public override void WriteWhole(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, WireJson.Writer);
        JsonSerializer.Serialize(json, Response(), WireJson.Default.ResponseObject);
    }

    private void Take(GenerationEvent entry)
    {
        if (entry is not ChoiceAdvanced advanced) throw new ArgumentException($"A response has no event for {entry.GetType().Name}.", nameof(entry));
        if (_sequence == 0)
        {
            Add(new ResponseEvent { Type = "response.created", SequenceNumber = 0, Response = Response() });
            Add(new ResponseEvent { Type = "response.in_progress", SequenceNumber = 0, Response = Response() });
        }

        if (advanced.Token is not null) _tokens++;
        if (advanced.Thought.Length > 0) Append(OpenItem.Thought, advanced.Thought);
        if (advanced.Content.Length > 0)
        {
            if (_open == OpenItem.Thought) _thinkingTokens = _tokens - 1;
            Append(OpenItem.Message, advanced.Content);
        }

        if (advanced.End is not { } end) return;
        bool complete = end.FinishReason != "length";
        if (_open is null) Open(OpenItem.Message);
        if (_open == OpenItem.Thought) _thinkingTokens = _tokens;
        Close(complete ? "completed" : "incomplete");
        _status = complete ? "completed" : "incomplete";
        if (advanced.Usage is { } usage) _usage = Usage(usage);
        Add(new ResponseEvent { Type = "response." + _status, SequenceNumber = 0, Response = Response() });
    }

    private void Append(OpenItem kind, string text)
    {
        if (_open != kind)
        {
            if (_open is not null) Close("completed");
            Open(kind);
        }

        _text.Append(text);
        Add(At(kind.Name + ".delta") with { Delta = text, Logprobs = kind.None });
    }

    private void Open(OpenItem kind)
    {
        _open = kind;
        _text.Clear();
        _output.Add(kind.Item(Id(kind, _output.Count), "in_progress", null));
        Add(new ResponseEvent { Type = "response.output_item.added", SequenceNumber = 0, OutputIndex = _output.Count - 1, Item = _output[^1] });
        Add(At("response.content_part.added") with { Part = kind.Part("") });
    }

    private void Close(string status)
    {
        OpenItem kind = _open!;
        string text = _text.ToString();
        Add(At(kind.Name + ".done") with { Text = text, Logprobs = kind.None });
        Add(At("response.content_part.done") with { Part = kind.Part(text) });
        _output[^1] = kind.Item(_output[^1].Id, status, text);
        Add(new ResponseEvent { Type = "response.output_item.done", SequenceNumber = 0, OutputIndex = _output.Count - 1, Item = _output[^1] });
        _open = null;
    }

    private string Id(OpenItem kind, int index) => $"{kind.Prefix}{frame.Id}_{index.ToString(CultureInfo.InvariantCulture)}";

    private ResponseEvent At(string type)
        => new() { Type = type, SequenceNumber = 0, ItemId = _output[^1].Id, OutputIndex = _output.Count - 1, ContentIndex = 0 };

    private void Add(ResponseEvent step) => _events.Add(step with { SequenceNumber = _sequence++ });

    private ResponseObject Response() => new()
    {
        Id = frame.Id,
        CreatedAt = frame.Created,
        Status = _status,
        IncompleteDetails = _status == "incomplete" ? new ResponseIncomplete("max_output_tokens") : null,
        Instructions = echo.Instructions,
        MaxOutputTokens = echo.MaxOutputTokens,
        Model = frame.Model,
        // An item that is still open is told by its own events.
        Output = [.. _output],
        Reasoning = new ResponseReasoning(echo.ReasoningEffort),
        Temperature = echo.Temperature,
        TopP = echo.TopP,
        Usage = _usage,
        User = echo.User,
        Metadata = echo.Metadata,
        SystemFingerprint = frame.Fingerprint,
    };

    private ResponseUsage Usage(TokenUsage usage) => new()
    {
        InputTokens = usage.PromptTokens,
        InputTokensDetails = new ResponseInputDetails(usage.CachedTokens),
        OutputTokens = usage.CompletionTokens,
        OutputTokensDetails = new ResponseOutputDetails(_thinkingTokens),
        TotalTokens = usage.PromptTokens + usage.CompletionTokens,
    };

    /// <summary>A kind of item, and how its events are called.</summary>
    private sealed record OpenItem(string Type, string Prefix, string PartType, string Name)
    {
        public static OpenItem Thought { get; } = new("reasoning", "rs_", "reasoning_text", "response.reasoning_text");

        public static OpenItem Message { get; } = new("message", "msg_", "output_text", "response.output_text");

        public IReadOnlyList<string>? None => this == Message ? [] : null;

        public ResponsePart Part(string text) => new() { Type = PartType, Text = text, Annotations = None, Logprobs = None };

        public ResponseItem Item(string id, string status, string? text) => new()
        {
            Id = id,
            Type = Type,
            Status = status,
            Role = this == Message ? "assistant" : null,
            Summary = this == Message ? null : [],
            Content = text is null ? [] : [Part(text)],
        };
    }
}
