using System.Text.Json;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Providers;

/// <summary>What an answer continues.</summary>
public abstract record Prompt;

/// <summary>A plain text; control tokens that it spells are recognised, as the field's completion endpoints do.</summary>
/// <param name="Text">The text, may be empty.</param>
public sealed record TextPrompt(string Text) : Prompt
{
    /// <summary>What follows the gap that is to be filled behind the text; null goes on from the text.</summary>
    public string? Suffix { get; init; }
}

/// <summary>Token ids, taken as they are.</summary>
/// <param name="Ids">The ids, not yet checked against the vocabulary.</param>
public sealed record TokenPrompt(IReadOnlyList<int> Ids) : Prompt;

/// <summary>A conversation for the model's own chat template.</summary>
/// <param name="Messages">The messages, at least one.</param>
public sealed record ChatPrompt(IReadOnlyList<ChatMessage> Messages) : Prompt
{
    /// <summary>Variables for the template (<c>chat_template_kwargs</c>, <c>reasoning_effort</c>); an object, or null.</summary>
    public IReadOnlyDictionary<string, JsonElement>? TemplateVariables { get; init; }

    /// <summary>What the template takes for the present, so that a prompt can be made again; null is the present.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The tools that the model may call; null for none.</summary>
    public ToolOptions? Tools { get; init; }

    /// <summary>Whether the prompt ends where the assistant's answer begins.</summary>
    public bool AddGenerationPrompt { get; init; } = true;
}

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Content">Its text parts; null where an assistant only called tools.</param>
public sealed record ChatMessage(string Role, MessageContent? Content)
{
    /// <summary>The author's name, or null.</summary>
    public string? Name { get; init; }

    /// <summary>The calls that an assistant made, as it was sent; null if none.</summary>
    public JsonElement? ToolCalls { get; init; }

    /// <summary>The call that a tool answers, or null.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>What an assistant thought aloud, or null.</summary>
    public string? ReasoningContent { get; init; }
}

/// <summary>A message's text, as one string or as parts.</summary>
/// <param name="Parts">The text parts in order.</param>
/// <param name="IsList">Whether the caller sent a list.</param>
public sealed record MessageContent(IReadOnlyList<string> Parts, bool IsList);
