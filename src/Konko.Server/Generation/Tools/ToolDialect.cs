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

    /// <summary><c>&lt;function=name&gt;</c>, and then parameters in tags (Qwen3-Coder, usually in <c>&lt;tool_call&gt;</c>) or JSON (Functionary).</summary>
    Tagged,

    /// <summary><c>&lt;｜tool▁call▁begin｜&gt;name&lt;｜tool▁sep｜&gt;{…}</c>, or before it <c>function</c> and behind it the name: DeepSeek to V3.1.</summary>
    DeepSeek,

    /// <summary><c>&lt;｜DSML｜invoke name="…"&gt;</c> and parameters in tags: DeepSeek since V3.2.</summary>
    Markup,

    /// <summary><c>&lt;|START_ACTION|&gt;[{"tool_name": …, "parameters": {…}}]</c>, before that <c>Action: ```json</c>: Command R.</summary>
    Cohere,

    /// <summary><c>```tool_code</c> and calls as Python writes them: Gemma to 3, whose template knows no tools.</summary>
    Gemma,

    /// <summary><c>&lt;|tool_call&gt;call:name{key:value}</c>: Gemma 4.</summary>
    Bare,
}
