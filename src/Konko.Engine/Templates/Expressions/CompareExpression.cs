using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary>A chain of comparisons, <c>a &lt; b &lt;= c</c>: true where each holds.</summary>
/// <param name="first">The first operand.</param>
/// <param name="rest">The operators (==, !=, &lt;, &lt;=, &gt;, &gt;=, in, not in) and their right operands.</param>
internal sealed class CompareExpression(Expression first, (string Operation, Expression Right)[] rest) : Expression
{
    protected override TemplateValue Compute(RenderContext context)
    {
        TemplateValue left = first.Evaluate(context);
        foreach ((string operation, Expression operand) in rest)
        {
            TemplateValue right = operand.Evaluate(context);
            if (!Holds(context, operation, left, right)) return BooleanValue.False;
            left = right;
        }
        return BooleanValue.True;
    }

    private static bool Holds(RenderContext context, string operation, TemplateValue left, TemplateValue right) => operation switch
    {
        "==" => Comparison.AreEqual(context, left, right),
        "!=" => !Comparison.AreEqual(context, left, right),
        "in" => Comparison.Contains(context, right, left),
        "not in" => !Comparison.Contains(context, right, left),
        "<" => Comparison.Compare(context, left, right) < 0,
        "<=" => Comparison.Compare(context, left, right) <= 0,
        ">" => Comparison.Compare(context, left, right) > 0,
        _ => Comparison.Compare(context, left, right) >= 0,
    };
}
