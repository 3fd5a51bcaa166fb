using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary>An arithmetic operator between two values.</summary>
/// <param name="operation">+ - * / // % or **.</param>
/// <param name="left">The left operand.</param>
/// <param name="right">The right operand.</param>
internal sealed class BinaryExpression(string operation, Expression left, Expression right) : Expression
{
    protected override TemplateValue Compute(RenderContext context)
    {
        TemplateValue a = left.Evaluate(context);
        TemplateValue b = right.Evaluate(context);
        return operation switch
        {
            "+" => Arithmetic.Add(context, a, b),
            "-" => Arithmetic.Subtract(a, b),
            "*" => Arithmetic.Multiply(context, a, b),
            "/" => Arithmetic.Divide(a, b),
            "//" => Arithmetic.FloorDivide(a, b),
            "%" when a is StringValue format => PercentFormat.Format(context, format, b),
            "%" => Arithmetic.Modulo(a, b),
            _ => Arithmetic.Power(a, b),
        };
    }
}
