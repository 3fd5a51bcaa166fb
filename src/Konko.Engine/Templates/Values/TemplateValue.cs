using System.Text.Json;

namespace Konko.Engine.Templates.Values;

/// <summary>A value that a chat template works with, with Python's semantics. Immutable, save a template's own namespaces.</summary>
/// <remarks>Every string made here is input: it never yields a control token, whatever it spells.</remarks>
public abstract class TemplateValue
{
    private protected TemplateValue()
    {
    }

    /// <summary>The name of the type in error messages, as Python has it.</summary>
    internal abstract string TypeName { get; }

    /// <summary>Whether the value is true in a condition.</summary>
    internal virtual bool IsTrue => true;

    /// <summary>Python's <c>None</c>, JSON's null.</summary>
    public static TemplateValue None => NoneValue.Instance;

    /// <summary>A string of the input.</summary>
    /// <param name="text">The text.</param>
    public static TemplateValue From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return StringValue.Untrusted(text);
    }

    /// <summary>A boolean.</summary>
    /// <param name="value">The boolean.</param>
    public static TemplateValue From(bool value) => BooleanValue.Of(value);

    /// <summary>An integer of the input.</summary>
    /// <param name="value">The integer.</param>
    public static TemplateValue From(long value) => new IntegerValue(value, trusted: false);

    /// <summary>A list.</summary>
    /// <param name="items">Its elements.</param>
    public static TemplateValue From(IEnumerable<TemplateValue> items) => new ListValue([.. items]);

    /// <summary>A dictionary that keeps its order; of equal keys the last value stays.</summary>
    /// <param name="members">Its keys and values.</param>
    public static TemplateValue From(IEnumerable<KeyValuePair<string, TemplateValue>> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var result = new DictValue();
        foreach (KeyValuePair<string, TemplateValue> member in members)
            result.Set(StringValue.Untrusted(member.Key), member.Value);
        return result;
    }

    /// <summary>The value of a piece of JSON, with the order of its keys.</summary>
    /// <param name="element">The JSON; its depth is what its parser allowed.</param>
    /// <exception cref="TemplateException">A string holds half a surrogate pair, or a number is too long.</exception>
    public static TemplateValue FromJson(JsonElement element) => JsonReader.Read(element);
}
