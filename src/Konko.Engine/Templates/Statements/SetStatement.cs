using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Runtime;

namespace Konko.Engine.Templates.Statements;

/// <summary><c>{% set target = value %}</c>.</summary>
/// <param name="target">What is set.</param>
/// <param name="value">What to.</param>
/// <param name="line">Its line.</param>
internal sealed class SetStatement(Target target, Expression value, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        target.Assign(context, value.Evaluate(context));
        return Flow.Next;
    }
}
