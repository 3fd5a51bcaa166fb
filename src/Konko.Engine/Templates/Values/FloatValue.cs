namespace Konko.Engine.Templates.Values;

/// <summary>Python's <c>float</c>.</summary>
/// <param name="value">The number.</param>
/// <param name="trusted">False where it came from the input.</param>
internal sealed class FloatValue(double value, bool trusted) : TemplateValue
{
    /// <summary>The number.</summary>
    public double Value => value;

    /// <summary>Whether its digits, printed, are the template's own.</summary>
    public bool IsTrusted => trusted;

    internal override string TypeName => "float";

    internal override bool IsTrue => value != 0;
}
