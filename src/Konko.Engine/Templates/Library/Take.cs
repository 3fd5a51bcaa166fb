using System.Numerics;
using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>Reads arguments of functions, filters and methods as the types they need.</summary>
internal static class Take
{
    /// <summary>An integer argument.</summary>
    /// <param name="value">The argument; null where it is not given.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="missing">What it is where it is not given; null where it must be.</param>
    public static long Integer(TemplateValue? value, string name, long? missing = null)
    {
        if (value is null) return missing ?? throw new TemplateException($"argument '{name}' is missing");
        if (value is not (IntegerValue or BooleanValue)) throw new TemplateException($"argument '{name}' must be an integer, not '{value.TypeName}'");
        Number.TryGet(value, out Number number);
        return (long)BigInteger.Clamp(number.Integer, -int.MaxValue, int.MaxValue);
    }

    /// <summary>A string argument that must be given.</summary>
    public static StringValue Text(TemplateValue? value, string name) => value switch
    {
        StringValue text => text,
        null => throw new TemplateException($"argument '{name}' is missing"),
        _ => throw new TemplateException($"argument '{name}' must be a string, not '{value.TypeName}'"),
    };

    /// <summary>A string argument, or null where it is none or not given.</summary>
    public static StringValue? OptionalText(TemplateValue? value, string name) => value is null or NoneValue ? null : Text(value, name);

    /// <summary>A condition.</summary>
    public static bool Condition(TemplateValue? value, bool missing = false) => value?.IsTrue ?? missing;

    /// <summary>An argument that must be given.</summary>
    public static TemplateValue Value(TemplateValue? value, string name) => value ?? throw new TemplateException($"argument '{name}' is missing");
}
