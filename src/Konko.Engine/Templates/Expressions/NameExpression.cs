using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary>A variable.</summary>
/// <param name="name">Its name.</param>
/// <param name="number">The template's number for the name.</param>
internal sealed class NameExpression(string name, int number) : Expression
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>The template's number for the name.</summary>
    public int Number => number;

    protected override TemplateValue Compute(RenderContext context) => context.Scope.Find(number) ?? UndefinedValue.Variable(name);
}
