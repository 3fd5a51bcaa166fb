using System.Numerics;

namespace Konko.Engine.Templates.Values;

/// <summary>Python's equality of dictionary keys: strings by characters, numbers by value, so that 1, 1.0 and True are one key.</summary>
internal sealed class KeyComparer : IEqualityComparer<TemplateValue>
{
    /// <summary>The only instance.</summary>
    public static readonly KeyComparer Instance = new();

    /// <summary>Whether a value may be a key.</summary>
    public static bool CanBeKey(TemplateValue value) =>
        value is StringValue or IntegerValue or FloatValue or BooleanValue or NoneValue;

    /// <inheritdoc/>
    public bool Equals(TemplateValue? x, TemplateValue? y) => (x, y) switch
    {
        (StringValue a, StringValue b) => a.Text == b.Text,
        (NoneValue, NoneValue) => true,
        (FloatValue a, FloatValue b) => a.Value == b.Value,
        (not null, not null) => TryInteger(x, out BigInteger a) && TryInteger(y, out BigInteger b) && a == b,
        _ => ReferenceEquals(x, y),
    };

    /// <inheritdoc/>
    public int GetHashCode(TemplateValue obj)
    {
        if (obj is StringValue text) return text.Text.GetHashCode(StringComparison.Ordinal);
        if (TryInteger(obj, out BigInteger integer)) return integer.GetHashCode();
        return obj is FloatValue number ? number.Value.GetHashCode() : 0;
    }

    private static bool TryInteger(TemplateValue value, out BigInteger integer)
    {
        switch (value)
        {
            case IntegerValue number:
                integer = number.Value;
                return true;
            case BooleanValue boolean:
                integer = boolean.Value ? BigInteger.One : BigInteger.Zero;
                return true;
            case FloatValue number when double.IsInteger(number.Value):
                integer = new BigInteger(number.Value);
                return true;
            default:
                integer = default;
                return false;
        }
    }
}
