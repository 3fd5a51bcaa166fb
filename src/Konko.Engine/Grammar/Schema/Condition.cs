namespace Konko.Engine.Grammar.Schema;

/// <summary>A schema that must hold, or must not.</summary>
/// <param name="Node">The schema.</param>
/// <param name="Holds">Whether it must hold.</param>
internal readonly record struct Condition(SchemaNode Node, bool Holds)
{
    /// <summary>The same for equal conditions.</summary>
    public string Key => (Holds ? "" : "!") + (Node.IsConstant ? "=" : "") + Node.Pointer;

    public Condition Negated => this with { Holds = !Holds };
}
