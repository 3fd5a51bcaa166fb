using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>-value</c>, <c>+value</c> or <c>not value</c>.</summary>
/// <param name="operation">-, + or not.</param>
/// <param name="operand">The value.</param>
internal sealed class UnaryExpression(string operation, Expression operand) : Expression
{
    protected override TemplateValue Compute(RenderContext context)
    {
        TemplateValue value = operand.Evaluate(context);
        return operation switch
        {
            "-" => Arithmetic.Negate(value),
            "+" => Arithmetic.Plus(value),
            _ => BooleanValue.Of(!value.IsTrue),
        };
    }
}
