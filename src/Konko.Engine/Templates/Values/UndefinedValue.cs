namespace Konko.Engine.Templates.Values;

/// <summary>A variable, attribute or item that does not exist: prints as nothing, is false, and fails where it is used.</summary>
/// <param name="message">What does not exist.</param>
internal sealed class UndefinedValue(string message) : TemplateValue
{
    /// <summary>What does not exist.</summary>
    public string Message => message;

    internal override string TypeName => "Undefined";

    internal override bool IsTrue => false;

    /// <summary>The failure of using it.</summary>
    public TemplateException Failure() => new(message);

    /// <summary>An undefined variable.</summary>
    /// <param name="name">Its name.</param>
    public static UndefinedValue Variable(string name) => new($"'{name}' is undefined");

    /// <summary>An attribute or item that a value does not have.</summary>
    /// <param name="owner">The value.</param>
    /// <param name="name">The attribute, item or index.</param>
    public static UndefinedValue Member(TemplateValue owner, TemplateValue name) => new(name switch
    {
        StringValue text when owner is NoneValue => $"None has no attribute '{text.Text}'",
        StringValue text => $"'{owner.TypeName} object' has no attribute '{text.Text}'",
        IntegerValue number => $"'{owner.TypeName} object' has no element {number.Value}",
        _ => $"'{owner.TypeName} object' has no such element",
    });
}
