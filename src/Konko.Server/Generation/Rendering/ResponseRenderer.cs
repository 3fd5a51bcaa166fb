using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Konko.Protocol;
using Konko.Protocol.Chat;
using Konko.Protocol.Responses;
using Konko.Protocol.Sse;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Generation.Rendering;

/// <summary>
/// Answers of <c>POST /v1/responses</c>: an item for each stretch of what the model thought aloud, said, or called. A stream
/// sends the steps of the very log whose end is the whole answer.
/// </summary>
/// <param name="frame">What stands around the events.</param>
/// <param name="echo">What is repeated of the request.</param>
internal sealed class ResponseRenderer(AnswerFrame frame, ResponseEcho echo) : AnswerRenderer
{
    private readonly List<ResponseItem> _output = [];
    private readonly List<ResponseEvent> _events = [];
    private readonly StringBuilder _text = new();
    private readonly List<ChatTokenLogprob> _scores = [];
    private readonly List<ChatTokenLogprob> _waiting = [];
    private ResponseItemKind? _open;
    private int _openCall = -1;
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
        if (advanced.LogProbs is { } scores) _waiting.Add(ChatScores.Of(scores));
        // What goes on with a call stands before what else the step says, and what begins one behind it.
        foreach (ToolCallDelta call in advanced.Calls.Where(call => call.Index == _openCall)) AppendCall(call);
        if (advanced.Thought.Length > 0) Append(ResponseItemKind.Thought, advanced.Thought);
        if (advanced.Content.Length > 0) Append(ResponseItemKind.Message, advanced.Content);
        foreach (ToolCallDelta call in advanced.Calls.Where(call => call.Id is not null)) OpenCall(call);
        if (advanced.End is { } end) End(end, advanced.Usage);
    }

    private void End(ChoiceEnd end, TokenUsage? usage)
    {
        string status = end.FinishReason != "length" ? "completed" : "incomplete";
        if (_open is null) Open(ResponseItemKind.Message);
        if (_open == ResponseItemKind.Thought) _thinkingTokens = _tokens;
        if (_open == ResponseItemKind.Message) TakeScores();
        Close(status);
        _status = status;
        if (usage is not null) _usage = Usage(usage);
        Add(new ResponseEvent { Type = "response." + _status, SequenceNumber = 0, Response = Response() });
    }

    private void Append(ResponseItemKind kind, string text)
    {
        if (_open != kind) Open(kind);
        _text.Append(text);
        List<ChatTokenLogprob> scores = kind == ResponseItemKind.Message ? TakeScores() : [];
        _waiting.Clear();
        Add(At(kind.Name + ".delta") with { ContentIndex = 0, Delta = text, Logprobs = kind.OrNone(scores) });
    }

    private void OpenCall(ToolCallDelta call)
    {
        Open(ResponseItemKind.Call, call);
        _openCall = call.Index;
        AppendCall(call);
    }

    private void AppendCall(ToolCallDelta call)
    {
        _waiting.Clear();
        if (call.Arguments.Length == 0) return;
        _text.Append(call.Arguments);
        Add(At(ResponseItemKind.Call.Name + ".delta") with { Delta = call.Arguments });
    }

    /// <summary>The log-probabilities since the message's last words: those of the words that come now.</summary>
    private List<ChatTokenLogprob> TakeScores()
    {
        List<ChatTokenLogprob> scores = [.. _waiting];
        _scores.AddRange(scores);
        _waiting.Clear();
        return scores;
    }

    private void Open(ResponseItemKind kind, ToolCallDelta? call = null)
    {
        if (_open == ResponseItemKind.Thought) _thinkingTokens = _tokens - 1;
        if (_open is not null) Close("completed");
        _open = kind;
        _text.Clear();
        _scores.Clear();
        _output.Add(kind.Begin(Id(kind, _output.Count), call));
        Add(new ResponseEvent { Type = "response.output_item.added", SequenceNumber = 0, OutputIndex = _output.Count - 1, Item = _output[^1] });
        if (kind != ResponseItemKind.Call) Add(At("response.content_part.added") with { ContentIndex = 0, Part = kind.Part("", []) });
    }

    private void Close(string status)
    {
        ResponseItemKind kind = _open!;
        string text = _text.ToString();
        if (kind == ResponseItemKind.Call)
        {
            Add(At(kind.Name + ".done") with { Name = _output[^1].Name, Arguments = text });
            _output[^1] = _output[^1] with { Status = status, Arguments = text };
        }
        else
        {
            ResponsePart part = kind.Part(text, [.. _scores]);
            Add(At(kind.Name + ".done") with { ContentIndex = 0, Text = text, Logprobs = part.Logprobs });
            Add(At("response.content_part.done") with { ContentIndex = 0, Part = part });
            _output[^1] = _output[^1] with { Status = status, Content = [part] };
        }

        Add(new ResponseEvent { Type = "response.output_item.done", SequenceNumber = 0, OutputIndex = _output.Count - 1, Item = _output[^1] });
        (_open, _openCall) = (null, -1);
    }

    private string Id(ResponseItemKind kind, int index) => $"{kind.Prefix}{frame.Id}_{index.ToString(CultureInfo.InvariantCulture)}";

    private ResponseEvent At(string type) => new() { Type = type, SequenceNumber = 0, ItemId = _output[^1].Id, OutputIndex = _output.Count - 1 };

    private void Add(ResponseEvent step) => _events.Add(step with { SequenceNumber = _sequence++ });

    private ResponseObject Response()
    {
        var response = new ResponseObject
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
            ParallelToolCalls = echo.ParallelToolCalls,
            Reasoning = new ResponseReasoning(echo.ReasoningEffort),
            Temperature = echo.Temperature,
            Text = new ResponseText { Format = echo.Format },
            Tools = echo.Tools,
            TopP = echo.TopP,
            Usage = _usage,
            User = echo.User,
            Metadata = echo.Metadata,
            SystemFingerprint = frame.Fingerprint,
        };
        return echo.ToolChoice is { } choice ? response with { ToolChoice = choice } : response;
    }

    private ResponseUsage Usage(TokenUsage usage) => new()
    {
        InputTokens = usage.PromptTokens,
        InputTokensDetails = new ResponseInputDetails(usage.CachedTokens),
        OutputTokens = usage.CompletionTokens,
        OutputTokensDetails = new ResponseOutputDetails(_thinkingTokens),
        TotalTokens = usage.PromptTokens + usage.CompletionTokens,
    };
}
