using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Konko.Engine.Templates.Values;

/// <summary>JSON as template values, as Python's <c>json.loads</c> reads it.</summary>
internal static class JsonReader
{
    /// <summary>The value of an element, all of it input.</summary>
    public static TemplateValue Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var dict = new DictValue();
                foreach (JsonProperty property in element.EnumerateObject())
                    dict.Set(StringValue.Untrusted(Name(property)), Read(property.Value));
                return dict;
            case JsonValueKind.Array:
                var items = new TemplateValue[element.GetArrayLength()];
                int count = 0;
                foreach (JsonElement item in element.EnumerateArray()) items[count++] = Read(item);
                return new ListValue(items);
            case JsonValueKind.String:
                return StringValue.Untrusted(Text(element));
            case JsonValueKind.Number:
                return Number(element.GetRawText());
            case JsonValueKind.True:
                return BooleanValue.True;
            case JsonValueKind.False:
                return BooleanValue.False;
            default:
                return NoneValue.Instance;
        }
    }

    private static TemplateValue Number(string raw)
    {
        if (raw.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
            return new FloatValue(double.Parse(raw, NumberStyles.Float, CultureInfo.InvariantCulture), trusted: false);
        if (raw.Length > TemplateLimits.IntegerDigits)
            throw new TemplateException($"a number has more than {TemplateLimits.IntegerDigits} digits");
        return new IntegerValue(BigInteger.Parse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), trusted: false);
    }

    private static string Text(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw HalfCharacter();
        }
    }

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw HalfCharacter();
        }
    }

    private static TemplateException HalfCharacter() => new("a string holds half a surrogate pair, which is not a character");
}
