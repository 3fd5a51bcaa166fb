using System.Numerics;

namespace Konko.Engine.Templates.Values;

/// <summary>Python's unbounded integer, bounded.</summary>
internal sealed class IntegerValue : TemplateValue
{
    /// <summary>An integer and whether its digits are the template's own.</summary>
    /// <param name="value">The integer.</param>
    /// <param name="trusted">False where it came from the input.</param>
    /// <exception cref="TemplateException">It has too many bits.</exception>
    public IntegerValue(BigInteger value, bool trusted)
    {
        if (value.GetBitLength() > TemplateLimits.IntegerBits)
            throw new TemplateException($"an integer has more than {TemplateLimits.IntegerBits} bits");
        Value = value;
        IsTrusted = trusted;
    }

    /// <summary>The integer.</summary>
    public BigInteger Value { get; }

    /// <summary>Whether its digits, printed, are the template's own.</summary>
    public bool IsTrusted { get; }

    internal override string TypeName => "int";

    internal override bool IsTrue => !Value.IsZero;

    /// <summary>An integer of the template or the engine, such as a length.</summary>
    public static IntegerValue Of(long value) => new(value, trusted: true);
}
