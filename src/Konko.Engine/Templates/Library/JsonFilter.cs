using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary><c>tojson</c> as the transformers library defines it for chat templates, not as Jinja does for HTML.</summary>
internal static class JsonFilter
{
    private static readonly StringValue Comma = StringValue.Untrusted(",");
    private static readonly StringValue CommaSpace = StringValue.Untrusted(", ");
    private static readonly StringValue ColonSpace = StringValue.Untrusted(": ");
    private static readonly JsonOptions Plain = new(null, CommaSpace, ColonSpace, SortKeys: false, EnsureAscii: false);

    /// <summary>The filter by its name.</summary>
    public static readonly Dictionary<string, Filter> Table = new() { ["tojson"] = ToJson };

    /// <summary>A value as the filter writes it without arguments.</summary>
    public static StringValue Write(RenderContext context, TemplateValue value) => JsonText.Write(context, value, Plain);

    private static StringValue ToJson(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        StringValue? indent = Indent(context, bound[1]);
        JsonOptions options = Plain with
        {
            Indent = indent,
            ItemSeparator = indent is null ? CommaSpace : Comma,
            SortKeys = Take.Condition(bound[3]),
            EnsureAscii = Take.Condition(bound[0]),
        };
        if (bound[2] is { } separators and not NoneValue)
        {
            TemplateValue[] pair = Sequences.Items(context, separators);
            if (pair.Length != 2) throw new TemplateException("tojson takes two separators");
            options = options with { ItemSeparator = Take.Text(pair[0], "separators"), KeySeparator = Take.Text(pair[1], "separators") };
        }
        return JsonText.Write(context, value, options);
    }

    private static StringValue? Indent(RenderContext context, TemplateValue? indent)
    {
        if (indent is null or NoneValue) return null;
        if (indent is StringValue text) return text;
        long width = Take.Integer(indent, "indent");
        context.MakeText(Math.Max(width, 0));
        return StringValue.Untrusted(new string(' ', (int)Math.Max(width, 0)));
    }
}
