using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Strings that are marked as safe for HTML, which Jinja escapes others to match.</summary>
internal static class Markup
{
    /// <summary>A string with the five HTML characters escaped, marked as safe; itself where it is already.</summary>
    public static StringValue Escape(RenderContext context, StringValue value) => value.IsMarkup ? value : ForceEscape(context, value);

    /// <summary>A string with the five HTML characters escaped even where it is marked as safe.</summary>
    public static StringValue ForceEscape(RenderContext context, StringValue value)
    {
        string text = value.Text;
        if (text.AsSpan().IndexOfAny("&<>'\"") < 0) return value.WithMarkup(true);
        var builder = new TextBuilder(context);
        for (int i = 0; i < text.Length; i++)
        {
            string? entity = text[i] switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\'' => "&#39;",
                '"' => "&#34;",
                _ => null,
            };
            if (entity is null) builder.Append(text[i], value.IsTrustedAt(i));
            else builder.Append(entity, value.IsTrustedAt(i));
        }
        return builder.ToValue(isMarkup: true);
    }

    /// <summary>A string ready to be joined to another: escaped where that one is marked as safe.</summary>
    public static StringValue Match(RenderContext context, StringValue value, StringValue other) =>
        other.IsMarkup ? Escape(context, value) : value;
}
