using System.Globalization;
using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>The attribute paths of filters such as <c>map(attribute='function.name')</c>.</summary>
internal static class Keys
{
    /// <summary>A function that reads an attribute path from an element.</summary>
    /// <param name="attribute">A name, a path of names and numbers with dots, a number, or null for the element itself.</param>
    /// <param name="missing">What stands for an attribute that does not exist, or null.</param>
    public static Func<RenderContext, TemplateValue, TemplateValue> Path(TemplateValue? attribute, TemplateValue? missing = null)
    {
        if (attribute is null or NoneValue) return static (_, item) => item;
        TemplateValue[] parts = attribute is StringValue text ? [.. text.Text.Split('.').Select(Part)] : [attribute];
        return (context, item) =>
        {
            foreach (TemplateValue part in parts)
            {
                context.Step(1);
                item = Members.Item(context, item, part);
                if (item is UndefinedValue && missing is not null and not NoneValue) item = missing;
            }
            return item;
        };
    }

    /// <summary>An element as it counts in an order that ignores case.</summary>
    public static TemplateValue Folded(RenderContext context, TemplateValue value, bool caseSensitive) =>
        value is StringValue text && !caseSensitive ? TextCase.Lower(context, text) : value;

    private static TemplateValue Part(string part) =>
        part.Length > 0 && part.All(char.IsAsciiDigit) && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? IntegerValue.Of(index)
            : StringValue.Trusted(part);
}
