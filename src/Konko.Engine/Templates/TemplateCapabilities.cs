namespace Konko.Engine.Templates;

/// <summary>What a template was found to take.</summary>
/// <param name="Tools">Whether tools show in the prompt.</param>
/// <param name="ToolCalls">Whether tool calls of an assistant do.</param>
/// <param name="SystemRole">Whether a system message does.</param>
/// <param name="DeveloperRole">Whether a developer message does.</param>
/// <param name="TakesText">Whether content that is a string shows; else it must be a list of parts.</param>
/// <param name="PartRoles">The roles whose content may be a list of parts.</param>
/// <param name="ArgumentsAreText">Whether arguments of tool calls must be JSON text, not objects.</param>
/// <param name="NoneForMissing">Whether tools and documents that are not given may be none, as the transformers library has it; else undefined.</param>
/// <param name="NullContent">Whether a tool call's message may have null as its content; else it gets an empty string.</param>
internal sealed record TemplateCapabilities(
    bool Tools,
    bool ToolCalls,
    bool SystemRole,
    bool DeveloperRole,
    bool TakesText,
    IReadOnlySet<string> PartRoles,
    bool ArgumentsAreText,
    bool NoneForMissing,
    bool NullContent)
{
    /// <summary>Whether content of a role may be a list of parts.</summary>
    public bool PartsFor(string role) => PartRoles.Contains(role);
}
