using System.Text;
using Konko.Protocol.Chat;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Generation.Rendering;

/// <summary>The calls of a choice: their deltas, and the fold of them.</summary>
internal sealed class ChatCalls
{
    private readonly List<(string Id, string Name, StringBuilder Arguments)> _calls = [];
    private (string Name, StringBuilder Arguments)? _function;

    /// <summary>Whether there was none.</summary>
    public bool IsEmpty => _calls.Count == 0 && _function is null;

    /// <summary>The calls, or null.</summary>
    public IReadOnlyList<ChatToolCall>? ToolCalls
        => _calls.Count == 0
            ? null
            : [.. _calls.Select(call => new ChatToolCall { Id = call.Id, Function = new ChatFunction { Name = call.Name, Arguments = call.Arguments.ToString() } })];

    /// <summary>The call in the older form, or null.</summary>
    public ChatFunction? FunctionCall
        => _function is var (name, arguments) ? new ChatFunction { Name = name, Arguments = arguments.ToString() } : null;

    /// <summary>A delta of a chunk.</summary>
    /// <param name="call">What the event adds.</param>
    public static ChatToolCallDelta Delta(ToolCallDelta call)
        => new() { Index = call.Index, Id = call.Id, Type = call.Id is null ? null : "function", Function = Function(call) };

    /// <summary>A delta of a chunk in the older form.</summary>
    /// <param name="call">What the event adds.</param>
    public static ChatFunction Function(ToolCallDelta call) => new() { Name = call.Name, Arguments = call.Arguments };

    /// <summary>Adds what a chunk adds.</summary>
    /// <param name="delta">The chunk's delta.</param>
    public void Fold(ChatDelta delta)
    {
        if (delta.FunctionCall is { } function)
        {
            _function ??= (function.Name!, new StringBuilder());
            _function.Value.Arguments.Append(function.Arguments);
        }

        foreach (ChatToolCallDelta part in delta.ToolCalls ?? [])
        {
            if (part.Id is not null) _calls.Add((part.Id, part.Function.Name!, new StringBuilder()));
            _calls[part.Index].Arguments.Append(part.Function.Arguments);
        }
    }
}
