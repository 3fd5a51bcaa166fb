using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>a ~ b ~ c</c>: the values as text, joined.</summary>
/// <param name="operands">The values.</param>
internal sealed class ConcatExpression(Expression[] operands) : Expression
{
    protected override TemplateValue Compute(RenderContext context)
    {
        var builder = new TextBuilder(context);
        foreach (Expression operand in operands) builder.Append(PythonText.Str(context, operand.Evaluate(context)));
        return builder.ToValue();
    }
}
