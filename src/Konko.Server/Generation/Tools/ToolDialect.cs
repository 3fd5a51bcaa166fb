namespace Konko.Server.Generation.Tools;

/// <summary>How a model writes tool calls.</summary>
public enum ToolDialect
{
    /// <summary><c>{"name": …, "arguments": {…}}</c> as the whole answer, one or a list, as the generic prompt asks for.</summary>
    Generic,

    /// <summary><c>&lt;tool_call&gt;{…}&lt;/tool_call&gt;</c>: Hermes, Qwen, Granite 4.</summary>
    Hermes,

    /// <summary><c>{"name": …, "parameters": {…}}</c>, alone or after <c>&lt;|python_tag|&gt;</c>: Llama 3.</summary>
    Llama,

    /// <summary><c>[TOOL_CALLS][{…}]</c> or <c>[TOOL_CALLS]name[ARGS]{…}</c>: Mistral.</summary>
    Mistral,

    /// <summary><c>&lt;|tool_call|&gt;[{…}]</c>: Phi 4, Granite 3.</summary>
    Listed,

    /// <summary>A message to <c>functions.name</c> on the commentary channel: gpt-oss.</summary>
    Harmony,
}
