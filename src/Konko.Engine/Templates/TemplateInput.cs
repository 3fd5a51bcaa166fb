using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates;

/// <summary>What a chat template renders. Every string of it is untrusted, except the two tokens and the known words for roles.</summary>
public sealed record TemplateInput
{
    /// <summary>The conversation: a list of dictionaries, as in the body of a chat completion request.</summary>
    public required TemplateValue Messages { get; init; }

    /// <summary>The tools the model may call, as in the request's <c>tools</c>; null for none.</summary>
    public TemplateValue? Tools { get; init; }

    /// <summary>Documents to answer from; null for none.</summary>
    public TemplateValue? Documents { get; init; }

    /// <summary>Whether the prompt ends where the assistant's answer begins.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The text of the model's BOS token; null where it has none.</summary>
    public string? BosToken { get; init; }

    /// <summary>The text of the model's EOS token; null where it has none.</summary>
    public string? EosToken { get; init; }

    /// <summary>Further variables (<c>chat_template_kwargs</c>, <c>reasoning_effort</c>); those above and the functions win over them.</summary>
    public IReadOnlyDictionary<string, TemplateValue> Variables { get; init; } = new Dictionary<string, TemplateValue>();

    /// <summary>The clock of <c>strftime_now</c>; its local time is used.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
