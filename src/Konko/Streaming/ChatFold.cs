using System.Text;
using Konko.Protocol.Chat;

namespace Konko.Streaming;

/// <summary>Puts a whole answer together from its chunks.</summary>
internal sealed class ChatFold
{
    private readonly SortedDictionary<int, Choice> _choices = [];
    private ChatCompletionChunk? _first;
    private CompletionUsage? _usage;

    public void Add(ChatCompletionChunk chunk)
    {
        _first ??= chunk;
        _usage = chunk.Usage ?? _usage;
        foreach (ChatChunkChoice part in chunk.Choices)
        {
            if (!_choices.TryGetValue(part.Index, out Choice? choice)) _choices[part.Index] = choice = new Choice(part.Index);
            choice.Add(part);
        }
    }

    public ChatCompletion Completion() => new()
    {
        Id = _first?.Id!,
        Created = _first?.Created ?? 0,
        Model = _first?.Model!,
        SystemFingerprint = _first?.SystemFingerprint,
        Choices = [.. _choices.Values.Select(choice => choice.Whole())],
        Usage = _usage,
    };

    private sealed class Choice(int index)
    {
        private readonly StringBuilder _content = new();
        private readonly StringBuilder _reasoning = new();
        private readonly SortedDictionary<int, Call> _calls = [];
        private readonly List<ChatTokenLogprob> _logprobs = [];
        private Call? _function;
        private string? _finish;

        public void Add(ChatChunkChoice part)
        {
            _content.Append(part.Delta.Content);
            _reasoning.Append(part.Delta.ReasoningContent);
            _logprobs.AddRange(part.Logprobs?.Content ?? []);
            _finish = part.FinishReason ?? _finish;
            if (part.Delta.FunctionCall is { } function) (_function ??= new Call()).Add(null, function);
            foreach (ToolCallDelta delta in part.Delta.ToolCalls ?? [])
            {
                if (!_calls.TryGetValue(delta.Index, out Call? call)) _calls[delta.Index] = call = new Call();
                call.Add(delta.Id, delta.Function);
            }
        }

        public ChatChoice Whole() => new()
        {
            Index = index,
            FinishReason = _finish,
            Logprobs = _logprobs.Count == 0 ? null : new ChatLogprobs { Content = _logprobs },
            Message = new ChatCompletionMessage
            {
                // A stream has "" where a whole answer of calls has null.
                Content = _content.Length == 0 && (_calls.Count > 0 || _function is not null) ? null : _content.ToString(),
                ReasoningContent = _reasoning.Length == 0 ? null : _reasoning.ToString(),
                ToolCalls = _calls.Count == 0 ? null : [.. _calls.Values.Select(call => new ToolCall { Id = call.Id!, Function = call.Whole() })],
                FunctionCall = _function?.Whole(),
            },
        };
    }

    private sealed class Call
    {
        private readonly StringBuilder _arguments = new();
        private string? _name;

        public string? Id { get; private set; }

        public void Add(string? id, FunctionCall? function)
        {
            Id ??= id;
            _name ??= function?.Name;
            _arguments.Append(function?.Arguments);
        }

        public FunctionCall Whole() => new() { Name = _name, Arguments = _arguments.ToString() };
    }
}
