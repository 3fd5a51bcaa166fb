using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>left and right</c> or <c>left or right</c>: one of the two values, the right one only evaluated where needed.</summary>
/// <param name="isAnd">And, else or.</param>
/// <param name="left">The left operand.</param>
/// <param name="right">The right operand.</param>
internal sealed class LogicalExpression(bool isAnd, Expression left, Expression right) : Expression
{
    protected override TemplateValue Compute(RenderContext context)
    {
        TemplateValue value = left.Evaluate(context);
        return value.IsTrue == isAnd ? right.Evaluate(context) : value;
    }
}
