using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>value if condition else other</c>.</summary>
/// <param name="condition">The condition.</param>
/// <param name="value">The value where it holds.</param>
/// <param name="other">The value where it does not; null for an undefined one.</param>
internal sealed class ConditionalExpression(Expression condition, Expression value, Expression? other) : Expression
{
    protected override TemplateValue Compute(RenderContext context)
    {
        if (condition.Evaluate(context).IsTrue) return value.Evaluate(context);
        return other?.Evaluate(context) ?? new UndefinedValue("the condition of an inline 'if' without 'else' is false");
    }
}
