using System.Numerics;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>An integer, float or boolean in arithmetic.</summary>
/// <param name="IsFloat">Whether <paramref name="Float"/> holds the number, else <paramref name="Integer"/>.</param>
/// <param name="Integer">An integer or boolean.</param>
/// <param name="Float">A float; for an integer its nearest float.</param>
/// <param name="Trusted">Whether its digits are the template's own.</param>
internal readonly record struct Number(bool IsFloat, BigInteger Integer, double Float, bool Trusted)
{
    /// <summary>The number that a value is.</summary>
    /// <returns>False where it is none.</returns>
    public static bool TryGet(TemplateValue value, out Number number)
    {
        switch (value)
        {
            case IntegerValue integer:
                number = new Number(false, integer.Value, (double)integer.Value, integer.IsTrusted);
                return true;
            case FloatValue real:
                number = new Number(true, default, real.Value, real.IsTrusted);
                return true;
            case BooleanValue boolean:
                number = boolean.Value ? new Number(false, BigInteger.One, 1, true) : new Number(false, BigInteger.Zero, 0, true);
                return true;
            default:
                number = default;
                return false;
        }
    }

    /// <summary>The order of two numbers, exact between integers and floats; null where one is not a number.</summary>
    public int? CompareTo(Number other)
    {
        if (!IsFloat && !other.IsFloat) return Integer.CompareTo(other.Integer);
        if (double.IsNaN(Float) || double.IsNaN(other.Float)) return null;
        if (IsFloat == other.IsFloat || !double.IsInteger(IsFloat ? Float : other.Float)) return Float.CompareTo(other.Float);
        return Exact().CompareTo(other.Exact());
    }

    private BigInteger Exact() => IsFloat ? new BigInteger(Float) : Integer;
}
