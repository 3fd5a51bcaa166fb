using System.Text.Json;
using Konko.Engine.Templates.Library;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates;

/// <summary>Puts messages into the form that a template takes.</summary>
internal static class MessageNormalizer
{
    private static readonly StringValue Role = StringValue.Trusted("role");
    private static readonly StringValue Content = StringValue.Trusted("content");
    private static readonly StringValue ToolCalls = StringValue.Trusted("tool_calls");
    private static readonly StringValue Function = StringValue.Trusted("function");
    private static readonly StringValue Arguments = StringValue.Trusted("arguments");
    private static readonly StringValue Type = StringValue.Trusted("type");
    private static readonly StringValue Text = StringValue.Trusted("text");

    // Templates build control tokens from these words, as in '<|' + message.role + '|>'. They are the only words of the
    // input that count as the template's own: an exact match from a closed list cannot spell anything else.
    private static readonly Dictionary<string, StringValue> Roles =
        new[] { "system", "developer", "user", "assistant", "tool", "function" }.ToDictionary(static role => role, StringValue.Trusted);

    /// <summary>The messages with their known roles as the template's own words.</summary>
    public static TemplateValue TrustRoles(TemplateValue messages) => ForEach(messages, static message =>
    {
        if (!message.TryGet(Role, out TemplateValue? role) || role is not StringValue word || !Roles.TryGetValue(word.Text, out StringValue? trusted))
            return message;
        DictValue copy = message.Copy();
        copy.Set(Role, trusted);
        return copy;
    });

    /// <summary>The messages as a template with these capabilities takes them.</summary>
    public static TemplateValue Normalize(TemplateValue messages, TemplateCapabilities capabilities) =>
        ForEach(messages, message => Normalize(message, capabilities));

    private static TemplateValue ForEach(TemplateValue messages, Func<DictValue, DictValue> change) => messages is ListValue list
        ? new ListValue(Array.ConvertAll(list.Items, item => item is DictValue message ? change(message) : item))
        : messages;

    private static DictValue Normalize(DictValue message, TemplateCapabilities capabilities)
    {
        var result = new DictValue();
        string role = message.TryGet(Role, out TemplateValue? word) && word is StringValue { Text: var text } ? text : "";
        if (role == "developer" && !capabilities.DeveloperRole && capabilities.SystemRole) role = "system";
        foreach ((TemplateValue key, TemplateValue value) in message.Members)
        {
            string name = (key as StringValue)?.Text ?? "";
            // Templates ask whether a message has tool_calls, not whether there are any.
            bool isEmpty = value is NoneValue || (name == ToolCalls.Text && !value.IsTrue);
            if (isEmpty && name != Content.Text) continue;
            result.Set(key, name switch
            {
                "role" when role.Length > 0 => StringValue.Untrusted(role),
                "content" => ContentOf(value, role, capabilities),
                "tool_calls" => CallsOf(value, capabilities),
                _ => value,
            });
        }
        if (!result.TryGet(Content, out _)) result.Set(Content, ContentOf(TemplateValue.None, role, capabilities));
        return result;
    }

    private static TemplateValue ContentOf(TemplateValue content, string role, TemplateCapabilities capabilities) => content switch
    {
        NoneValue when !capabilities.NullContent => StringValue.Empty,
        ListValue parts when !capabilities.PartsFor(role) => Join(parts) ?? content,
        StringValue text when !capabilities.TakesText && capabilities.PartsFor(role) => new ListValue([Part(text)]),
        _ => content,
    };

    /// <summary>The texts of parts, joined by line breaks; null where a part is not text.</summary>
    private static StringValue? Join(ListValue parts)
    {
        var texts = new List<string>(parts.Items.Length);
        foreach (TemplateValue part in parts.Items)
        {
            bool isText = part is DictValue dict && dict.TryGet(Type, out TemplateValue? type) && type is StringValue { Text: "text" }
                && dict.TryGet(Text, out TemplateValue? value) && value is StringValue;
            if (!isText) return null;
            texts.Add(((StringValue)((DictValue)part).Members[Text]).Text);
        }
        return StringValue.Untrusted(string.Join('\n', texts));
    }

    private static DictValue Part(StringValue text)
    {
        var part = new DictValue();
        part.Set(Type, Text);
        part.Set(Text, text);
        return part;
    }

    private static TemplateValue CallsOf(TemplateValue calls, TemplateCapabilities capabilities) => ForEach(calls, call =>
    {
        if (!call.TryGet(Function, out TemplateValue? value) || value is not DictValue function) return call;
        if (!function.TryGet(Arguments, out TemplateValue? arguments)) return call;
        DictValue changed = function.Copy();
        changed.Set(Arguments, capabilities.ArgumentsAreText ? AsText(arguments) : AsObject(arguments));
        DictValue copy = call.Copy();
        copy.Set(Function, changed);
        return copy;
    });

    private static TemplateValue AsObject(TemplateValue arguments)
    {
        if (arguments is not StringValue text) return arguments;
        if (string.IsNullOrWhiteSpace(text.Text)) return new DictValue();
        try
        {
            using JsonDocument document = JsonDocument.Parse(text.Text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? TemplateValue.FromJson(document.RootElement) : arguments;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return arguments;
        }
    }

    private static TemplateValue AsText(TemplateValue arguments)
    {
        if (arguments is StringValue) return arguments;
        return JsonFilter.Write(new RenderContext(0, TimeProvider.System), arguments);
    }
}
