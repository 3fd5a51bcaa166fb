using System.Text;
using System.Text.Json;
using Konko.Engine.Templates;
using Konko.Engine.Templates.Values;
using Konko.Engine.Tokenizers;
using Konko.Server.Api.Errors;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Providers.Local;

/// <summary>Makes token ids of prompts: conversations through the model's chat template, texts through its tokenizer.</summary>
internal sealed class LocalPrompt : IPromptTokenizer
{
    private readonly Tokenizer _tokenizer;
    private readonly ChatTemplate? _template;
    private readonly TimeProvider _time;
    private readonly string? _bos;
    private readonly string? _eos;

    /// <summary>The prompts of a model.</summary>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="template">Its chat template; null where it has none.</param>
    /// <param name="time">The clock that templates see.</param>
    public LocalPrompt(Tokenizer tokenizer, ChatTemplate? template, TimeProvider time)
    {
        _tokenizer = tokenizer;
        _template = template;
        _time = time;
        _bos = _tokenizer.BosId is int bos ? _tokenizer.Literal(bos) : null;
        _eos = _tokenizer.EosId is int eos ? _tokenizer.Literal(eos) : null;
        // A template that takes no tools has the generic prompt speak for it, whatever other words it holds.
        Dialect = template?.SupportsTools == true ? DialectSyntax.Find(template.Source, HasToken) : DialectSyntax.FindUntold(template?.Source);
    }

    /// <summary>How the model writes tool calls.</summary>
    public ToolDialect Dialect { get; }

    /// <inheritdoc/>
    public int VocabularySize => _tokenizer.VocabularySize;

    /// <inheritdoc/>
    public ApiError? Encode(Prompt prompt, bool addSpecialTokens, out List<int> ids)
    {
        ids = [];
        switch (prompt)
        {
            case ChatPrompt chat:
                if (Render(chat, out PromptText? text) is { } error) return error;
                ids = _tokenizer.Encode(text!);
                break;
            case TextPrompt { Suffix: string suffix } gap:
                if (_tokenizer.Infill is not InfillTokens marks)
                    return ApiError.InvalidRequest("suffix", "'suffix' cannot be used with this model: it has no tokens to fill in the middle of a text.");
                // Neither half may spell the marks: code that speaks of them would move the gap.
                ids = [marks.Prefix, .. _tokenizer.Encode(gap.Text, parseSpecial: false), marks.Suffix, .. _tokenizer.Encode(suffix, parseSpecial: false), marks.Middle];
                break;
            case TextPrompt plain:
                ids = _tokenizer.Encode(plain.Text, parseSpecial: true);
                break;
            case TokenPrompt tokens:
                foreach (int id in tokens.Ids)
                {
                    if (id >= VocabularySize)
                        return ApiError.InvalidRequest("prompt", $"'prompt' holds the token {id}; this model's tokens are 0 to {VocabularySize - 1}.");
                }

                ids = [.. tokens.Ids];
                return null;
            default:
                throw new ArgumentException($"A prompt cannot be a {prompt.GetType().Name}.", nameof(prompt));
        }

        if (addSpecialTokens) _tokenizer.Finish(ids);
        return null;
    }

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids)
    {
        var detokenizer = new IncrementalDetokenizer(_tokenizer, continues: false);
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            if (_tokenizer.IsSpecial(id)) text.Append(detokenizer.Flush()).Append(_tokenizer.Literal(id));
            else text.Append(detokenizer.Append(id));
        }

        return text.Append(detokenizer.Flush()).ToString();
    }

    /// <inheritdoc/>
    public string Literal(int id) => _tokenizer.Literal(id);

    private bool HasToken(string literal) => _tokenizer.Encode(literal, parseSpecial: true) is [int id] && _tokenizer.Literal(id) == literal;

    private ApiError? Render(ChatPrompt chat, out PromptText? text)
    {
        text = null;
        if (_template is null) return ApiError.InvalidRequest("messages", "This model has no chat template; send its prompt to /v1/completions.");
        try
        {
            bool takesTools = _template.SupportsTools;
            IEnumerable<ChatMessage> messages = _template.SupportsToolCalls ? chat.Messages : GenericTools.Conversation(chat.Messages);
            if (chat.Tools is not null && !takesTools) messages = GenericTools.Announce(messages, chat.Tools, _template.SupportsSystemRole);
            text = _template.Render(new TemplateInput
            {
                Messages = TemplateValue.From(messages.Select(Message)),
                Tools = chat.Tools is not null && takesTools ? TemplateValue.From(chat.Tools.Tools.Select(tool => TemplateValue.FromJson(tool.Definition))) : null,
                AddGenerationPrompt = chat.AddGenerationPrompt,
                BosToken = _bos,
                EosToken = _eos,
                Variables = Variables(chat.TemplateVariables),
                Time = chat.At is { } at ? new StoppedClock(at, _time.LocalTimeZone) : _time,
            });
            return null;
        }
        catch (TemplateRaisedException exception)
        {
            return ApiError.InvalidRequest("messages", exception.Message);
        }
        catch (TemplateException exception)
        {
            return ApiError.InvalidRequest("messages", "The model's chat template fails on these messages: " + exception.Message);
        }
    }

    private TemplateValue Message(ChatMessage message)
    {
        var members = new List<KeyValuePair<string, TemplateValue>> { new("role", TemplateValue.From(message.Role)) };
        members.Add(new("content", message.Content is { } content ? Content(content) : TemplateValue.None));
        Add("name", message.Name);
        Add("reasoning_content", message.ReasoningContent);
        if (message.ToolCalls is { } calls) members.Add(new("tool_calls", TemplateValue.FromJson(Dialect == ToolDialect.Mistral ? MistralIds.Of(calls) : calls)));
        Add("tool_call_id", message.ToolCallId is { } id && Dialect == ToolDialect.Mistral ? ToolCallId.ForMistral(id) : message.ToolCallId);
        return TemplateValue.From(members);

        void Add(string name, string? value)
        {
            if (value is not null) members.Add(new(name, TemplateValue.From(value)));
        }
    }

    private static TemplateValue Content(MessageContent content)
        => content.IsList
            ? TemplateValue.From(content.Parts.Select(part => TemplateValue.From(
                (IEnumerable<KeyValuePair<string, TemplateValue>>)[new("type", TemplateValue.From("text")), new("text", TemplateValue.From(part))])))
            : TemplateValue.From(content.Parts[0]);

    private static Dictionary<string, TemplateValue> Variables(IReadOnlyDictionary<string, JsonElement>? variables)
        => variables?.ToDictionary(variable => variable.Key, variable => TemplateValue.FromJson(variable.Value)) ?? [];
}
