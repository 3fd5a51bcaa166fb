using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary>A literal.</summary>
/// <param name="value">Its value.</param>
internal sealed class ConstantExpression(TemplateValue value) : Expression
{
    /// <summary>Its value.</summary>
    public TemplateValue Value => value;

    protected override TemplateValue Compute(RenderContext context) => value;
}
