namespace Konko.Server.Generation.Tools;

/// <summary>The words that a dialect puts around calls.</summary>
/// <param name="Dialect">The dialect.</param>
/// <param name="Openers">What a call or a list of calls follows.</param>
/// <param name="Closers">What may stand after it.</param>
/// <param name="Inner">What may stand within it, besides JSON.</param>
internal sealed record DialectSyntax(ToolDialect Dialect, string[] Openers, string[] Closers, string[] Inner)
{
    /// <summary>The openers that are part of what stands between them and the arguments.</summary>
    public string[] Headed { get; private init; } = [];

    /// <summary>The tags around parameters, where there are any.</summary>
    public TagSyntax? Tags { get; private init; }

    /// <summary>What an answer begins with that goes on with bare JSON.</summary>
    public static readonly string[] Fences = ["```json\n", "```\n"];

    /// <summary>What ends a fence.</summary>
    public const string Fence = "```";

    /// <summary>DeepSeek's word before a call.</summary>
    public const string CallBeginMark = "<｜tool▁call▁begin｜>";

    /// <summary>DeepSeek's word within a call.</summary>
    public const string SeparatorMark = "<｜tool▁sep｜>";

    private const string ToolCall = "<tool_call>";
    private const string ToolCallEnd = "</tool_call>";
    private const string Listed = "<|tool_call|>";
    private const string PythonTag = "<|python_tag|>";
    private const string ToolCalls = "[TOOL_CALLS]";
    private const string Action = "<|START_ACTION|>";
    private const string ToolCode = "```tool_code\n";
    private const string GemmaTurn = "<start_of_turn>";
    private const string GemmaCall = "<|tool_call>";
    private const string Dsml = "｜DSML｜";

    private static readonly DialectSyntax[] All =
    [
        new(ToolDialect.Generic, [ToolCall], [ToolCallEnd, Fence], []),
        new(ToolDialect.Hermes, [ToolCall], [ToolCallEnd, Fence], []),
        new(ToolDialect.Llama, [PythonTag], [Fence], []),
        new(ToolDialect.Mistral, [ToolCalls], [Fence], [CallIdMark, ArgumentsMark]),
        new(ToolDialect.Listed, [Listed, ToolCall], ["<|/tool_call|>", ToolCallEnd, Fence], []),
        new(ToolDialect.Harmony, [StartMark, ChannelMark], ["<|call|>", "<|end|>", "<|return|>"], [MessageMark, "<|constrain|>"]) { Headed = [Recipient] },
        new(ToolDialect.Tagged, [ToolCall, TagSyntax.Lines.Call], [ToolCallEnd, TagSyntax.Lines.End, Fence], []) { Headed = [TagSyntax.Lines.Call], Tags = TagSyntax.Lines },
        new(ToolDialect.DeepSeek, ["<｜tool▁calls▁begin｜>", CallBeginMark], ["<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>", Fence], [SeparatorMark]) { Headed = [CallBeginMark] },
        new(ToolDialect.Markup, [$"<{Dsml}tool_calls>", $"<{Dsml}function_calls>", TagSyntax.Attributes.Call], [$"</{Dsml}tool_calls>", $"</{Dsml}function_calls>", TagSyntax.Attributes.End], [Dsml])
        {
            Headed = [TagSyntax.Attributes.Call], Tags = TagSyntax.Attributes,
        },
        new(ToolDialect.Cohere, [Action, "Action: ```json\n", "Action:```json\n"], ["<|END_ACTION|>", Fence], []),
        new(ToolDialect.Gemma, [ToolCall, ToolCode], [ToolCallEnd, Fence, ")"], []),
        new(ToolDialect.Bare, [GemmaCall], ["<tool_call|>", Fence], [LooseArguments.Mark]),
    ];

    /// <summary>Mistral's word before a call's id.</summary>
    public const string CallIdMark = "[CALL_ID]";

    /// <summary>Mistral's word before a call's arguments.</summary>
    public const string ArgumentsMark = "[ARGS]";

    /// <summary>Harmony's word before a message's role.</summary>
    public const string StartMark = "<|start|>";

    /// <summary>Harmony's word before a message's channel.</summary>
    public const string ChannelMark = "<|channel|>";

    /// <summary>Harmony's word before a message's text.</summary>
    public const string MessageMark = "<|message|>";

    /// <summary>How Harmony names the function that a message goes to.</summary>
    public const string Recipient = "to=functions.";

    /// <summary>The words of a dialect.</summary>
    /// <param name="dialect">The dialect.</param>
    public static DialectSyntax Of(ToolDialect dialect) => All[(int)dialect];

    /// <summary>The dialect of a model, from what its template and its vocabulary know.</summary>
    /// <param name="template">The chat template's source; null where there is none.</param>
    /// <param name="hasToken">Whether a text is a token of the vocabulary.</param>
    public static ToolDialect Find(string? template, Func<string, bool> hasToken)
    {
        if (template is null) return ToolDialect.Generic;
        if (Has(ChannelMark) && Has("functions.")) return ToolDialect.Harmony;
        if (Has(ToolCalls)) return ToolDialect.Mistral;
        if (Has(TagSyntax.Lines.Call)) return ToolDialect.Tagged;
        if (Has(Dsml)) return ToolDialect.Markup;
        if (Has(CallBeginMark)) return ToolDialect.DeepSeek;
        if (Has(Action) || (Has("Action:") && Has("tool_name"))) return ToolDialect.Cohere;
        if (Has(GemmaCall)) return ToolDialect.Bare;
        if (Has(Listed)) return ToolDialect.Listed;
        if (Has(ToolCall)) return ToolDialect.Hermes;
        // Some templates do not show how a call is written; the model's tokens do.
        bool takesTools = Has("tools");
        if (Has(PythonTag) || (takesTools && hasToken(PythonTag))) return ToolDialect.Llama;
        if (takesTools && hasToken(ToolCalls)) return ToolDialect.Mistral;
        if (takesTools && hasToken(Listed)) return ToolDialect.Listed;
        if (takesTools && hasToken(CallBeginMark)) return ToolDialect.DeepSeek;
        if (takesTools && hasToken(Action)) return ToolDialect.Cohere;
        if (takesTools && hasToken(ToolCall)) return ToolDialect.Hermes;
        return Has(GemmaTurn) ? ToolDialect.Gemma : ToolDialect.Generic;

        bool Has(string word) => template.Contains(word, StringComparison.Ordinal);
    }

    /// <summary>The dialect of a model whose template takes no tools: the generic prompt speaks of them, but some write what they were taught all the same.</summary>
    /// <param name="template">The chat template's source; null where there is none.</param>
    public static ToolDialect FindUntold(string? template)
        => template?.Contains(CallBeginMark, StringComparison.Ordinal) == true ? ToolDialect.DeepSeek
            : template?.Contains(GemmaTurn, StringComparison.Ordinal) == true ? ToolDialect.Gemma
            : ToolDialect.Generic;

    /// <summary>Whether a special token is one of the dialect's words.</summary>
    /// <param name="literal">The token's literal text.</param>
    public bool IsMark(string literal) => Openers.Contains(literal) || Closers.Contains(literal) || Inner.Contains(literal);
}
