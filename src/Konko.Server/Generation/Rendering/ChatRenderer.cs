using System.Text;
using Konko.Protocol;
using Konko.Protocol.Answers;
using Konko.Protocol.Chat;

namespace Konko.Server.Generation.Rendering;

/// <summary>Answers of <c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatRenderer : AnswerRenderer<ChatCompletionChunk, ChatCompletion>
{
    private readonly ChoiceFold[] _choices;
    private readonly bool[] _roleSent;
    private AnswerUsage? _usage;

    /// <summary>A renderer before the first event.</summary>
    /// <param name="frame">What stands around the events.</param>
    public ChatRenderer(AnswerFrame frame)
        : base(frame, WireJson.Default.ChatCompletionChunk, WireJson.Default.ChatCompletion)
    {
        _choices = new ChoiceFold[frame.Choices];
        for (int i = 0; i < _choices.Length; i++) _choices[i] = new ChoiceFold();
        _roleSent = new bool[frame.Choices];
    }

    protected override ChatCompletionChunk EchoChunk(PromptEchoed echo)
        => throw new ArgumentException("A chat does not echo its prompt.", nameof(echo));

    // The JavaScript helper adds the log-probabilities of a choice's first chunk twice. At OpenAI that chunk has the role and none.
    protected override ChatCompletionChunk? Lead(GenerationEvent entry)
        => Frame is { LeadsWithRole: true, LogProbs: true } && entry is ChoiceAdvanced advanced && !_roleSent[advanced.Choice] ? Chunk(new ChoiceAdvanced(advanced.Choice, null, "")) : null;

    protected override ChatCompletionChunk Chunk(ChoiceAdvanced advanced) => new()
    {
        Id = Frame.Id,
        Created = Frame.Created,
        Model = Frame.Model,
        SystemFingerprint = Frame.Fingerprint,
        Choices =
        [
            new ChatChunkChoice
            {
                Index = advanced.Choice,
                Delta = Delta(advanced),
                Logprobs = advanced.LogProbs is { } entry ? new ChatLogprobs { Content = [ChatScores.Of(entry)] } : null,
                FinishReason = advanced.End?.FinishReason,
            },
        ],
        Token = TokenOf(advanced),
        GeneratedText = advanced.End?.GeneratedText,
        Details = DetailsOf(advanced),
        Stats = StatsOf(advanced),
        Usage = UsageOf(advanced),
    };

    protected override ChatCompletionChunk UsageChunk(AnswerUsage usage) => new()
    {
        Id = Frame.Id,
        Created = Frame.Created,
        Model = Frame.Model,
        SystemFingerprint = Frame.Fingerprint,
        Choices = [],
        Usage = usage,
    };

    protected override void Fold(ChatCompletionChunk chunk)
    {
        foreach (ChatChunkChoice part in chunk.Choices)
        {
            ChoiceFold choice = _choices[part.Index];
            choice.Content.Append(part.Delta.Content);
            choice.Thought.Append(part.Delta.ReasoningContent);
            choice.Calls.Fold(part.Delta);
            if (part.Logprobs is { } logprobs) choice.Logprobs.AddRange(logprobs.Content);
            if (part.FinishReason is null) continue;
            choice.FinishReason = part.FinishReason;
            choice.Details = chunk.Details;
            choice.Stats = chunk.Stats;
        }

        _usage ??= chunk.Usage;
    }

    protected override ChatCompletion Whole() => new()
    {
        Id = Frame.Id,
        Created = Frame.Created,
        Model = Frame.Model,
        Choices = [.. _choices.Select(WholeChoice)],
        SystemFingerprint = Frame.Fingerprint,
        Usage = _usage,
        Details = _choices[0].Details,
        Stats = Frame.Details ? _choices[0].Stats : null,
    };

    private ChatChoice WholeChoice(ChoiceFold choice, int index) => new()
    {
        Index = index,
        Message = new ChatChoiceMessage
        {
            Role = "assistant",
            Content = choice.Content.Length == 0 && !choice.Calls.IsEmpty ? null : choice.Content.ToString(),
            FunctionCall = choice.Calls.FunctionCall,
            ToolCalls = choice.Calls.ToolCalls,
            ReasoningContent = choice.Thought.Length > 0 ? choice.Thought.ToString() : null,
        },
        FinishReason = choice.FinishReason,
        Logprobs = Frame.LogProbs ? new ChatLogprobs { Content = choice.Logprobs } : null,
        Details = Frame.Choices > 1 ? choice.Details : null,
        Stats = Frame.Choices > 1 && Frame.Details ? choice.Stats : null,
    };

    private ChatDelta Delta(ChoiceAdvanced advanced) => new()
    {
        Role = Role(advanced.Choice),
        Content = advanced.Content,
        FunctionCall = Frame.FunctionCall && advanced.Calls is [{ } call] ? ChatCalls.Function(call) : null,
        ToolCalls = !Frame.FunctionCall && advanced.Calls.Count > 0 ? [.. advanced.Calls.Select(ChatCalls.Delta)] : null,
        ReasoningContent = advanced.Thought.Length > 0 ? advanced.Thought : null,
    };

    private string? Role(int choice)
    {
        bool first = !_roleSent[choice];
        _roleSent[choice] = true;
        return first || !Frame.RoleOnce ? "assistant" : null;
    }

    private sealed class ChoiceFold
    {
        public StringBuilder Content { get; } = new();

        public StringBuilder Thought { get; } = new();

        public ChatCalls Calls { get; } = new();

        public List<ChatTokenLogprob> Logprobs { get; } = [];

        public string? FinishReason { get; set; }

        public AnswerDetails? Details { get; set; }

        public AnswerStats? Stats { get; set; }
    }
}
