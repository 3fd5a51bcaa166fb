using Konko.Engine.Templates.Library;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Statements;
using Konko.Engine.Templates.Syntax;
using Konko.Engine.Templates.Values;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Templates;

/// <summary>
/// A model's chat template, parsed: Jinja as model publishers use it, with the settings and functions of the transformers
/// library. Immutable and safe to share between threads.
/// </summary>
/// <remarks>
/// What a template may use is limited (length, nesting, steps, memory); one that needs more ends in a
/// <see cref="TemplateException"/>. Each character of a prompt knows whether it is the template's own or came from the input.
/// </remarks>
public sealed class ChatTemplate
{
    private readonly Statement _body;
    private readonly NameTable _names;
    private readonly Lazy<TemplateCapabilities> _capabilities;

    private ChatTemplate(string source, Statement body, NameTable names)
    {
        Source = source;
        _body = body;
        _names = names;
        _capabilities = new Lazy<TemplateCapabilities>(() => CapabilityProbe.Run(this, source.Contains("developer", StringComparison.Ordinal)));
    }

    /// <summary>The template as it was given.</summary>
    public string Source { get; }

    /// <summary>Whether tools given by <see cref="TemplateInput.Tools"/> show in the prompt.</summary>
    public bool SupportsTools => _capabilities.Value.Tools;

    /// <summary>Whether an assistant's tool calls show in the prompt.</summary>
    public bool SupportsToolCalls => _capabilities.Value.ToolCalls;

    /// <summary>Whether a system message shows in the prompt.</summary>
    public bool SupportsSystemRole => _capabilities.Value.SystemRole;

    /// <summary>Whether a user's content may be a list of parts; else text parts are joined before rendering.</summary>
    public bool SupportsContentParts => _capabilities.Value.PartsFor("user");

    /// <summary>Parses a template.</summary>
    /// <param name="source">The template, a GGUF file's <c>tokenizer.chat_template</c>.</param>
    /// <exception cref="TemplateException">The template is malformed or too large; the message names the line.</exception>
    public static ChatTemplate Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Length > TemplateLimits.SourceLength)
            throw new TemplateException($"the chat template is longer than {TemplateLimits.SourceLength} characters");
        var names = new NameTable();
        return new ChatTemplate(source, Parser.Parse(source, names), names);
    }

    /// <summary>
    /// The prompt of a conversation, first put into the form that this template takes: text parts joined by line breaks
    /// where it takes only strings, arguments of tool calls as objects, null members left out, developer messages as system
    /// messages where it does not know that role, missing tools and documents as none where it takes that.
    /// </summary>
    /// <param name="input">The conversation.</param>
    /// <exception cref="TemplateRaisedException">The template refuses the conversation.</exception>
    /// <exception cref="TemplateException">The template fails on it.</exception>
    public PromptText Render(TemplateInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        TemplateCapabilities capabilities = _capabilities.Value;
        TemplateValue? missing = capabilities.NoneForMissing ? TemplateValue.None : null;
        return RenderAsGiven(input with
        {
            Messages = MessageNormalizer.Normalize(input.Messages, capabilities),
            Tools = input.Tools ?? missing,
            Documents = input.Documents ?? missing,
        });
    }

    /// <summary>The prompt of a conversation exactly as it is given, what is null undefined; otherwise like <see cref="Render"/>.</summary>
    /// <param name="input">The conversation.</param>
    /// <exception cref="TemplateRaisedException">The template refuses the conversation.</exception>
    /// <exception cref="TemplateException">The template fails on it.</exception>
    public PromptText RenderAsGiven(TemplateInput input) => RenderAsGiven(input, share: 1);

    /// <summary>The same within a part of the limits.</summary>
    internal PromptText RenderAsGiven(TemplateInput input, int share)
    {
        ArgumentNullException.ThrowIfNull(input);
        var context = new RenderContext(InputSize.Of(input), input.Time, share);
        SetVariables(context.Scope, input);
        try
        {
            _body.Execute(context);
            if (context.Output.Length > TemplateLimits.OutputLength)
                throw new TemplateException($"the prompt is longer than {TemplateLimits.OutputLength} characters");
            return context.Output.ToPrompt();
        }
        catch (TemplateException exception) when (exception.Line == 0)
        {
            throw new TemplateException(exception.Message, context.Line);
        }
    }

    private void SetVariables(Scope scope, TemplateInput input)
    {
        foreach (KeyValuePair<string, TemplateValue> variable in input.Variables) Set(variable.Key, variable.Value);
        foreach (FunctionValue function in Globals.All) Set(function.Name, function);
        Set("messages", MessageNormalizer.TrustRoles(input.Messages));
        if (input.Tools is not null) Set("tools", input.Tools);
        if (input.Documents is not null) Set("documents", input.Documents);
        Set("add_generation_prompt", TemplateValue.From(input.AddGenerationPrompt));
        if (input.BosToken is not null) Set("bos_token", StringValue.Trusted(input.BosToken));
        if (input.EosToken is not null) Set("eos_token", StringValue.Trusted(input.EosToken));

        void Set(string name, TemplateValue value)
        {
            if (_names.TryGet(name, out int number)) scope.Set(number, value);
        }
    }
}
