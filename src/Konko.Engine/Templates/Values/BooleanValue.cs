namespace Konko.Engine.Templates.Values;

/// <summary>Python's <c>True</c> and <c>False</c>, which count as 1 and 0 in arithmetic.</summary>
internal sealed class BooleanValue : TemplateValue
{
    /// <summary><c>True</c>.</summary>
    public static readonly BooleanValue True = new(true);

    /// <summary><c>False</c>.</summary>
    public static readonly BooleanValue False = new(false);

    private BooleanValue(bool value) => Value = value;

    /// <summary>The boolean.</summary>
    public bool Value { get; }

    internal override string TypeName => "bool";

    internal override bool IsTrue => Value;

    /// <summary>The instance of a boolean.</summary>
    public static BooleanValue Of(bool value) => value ? True : False;
}
