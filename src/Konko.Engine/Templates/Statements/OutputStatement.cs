using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;

namespace Konko.Engine.Templates.Statements;

/// <summary><c>{{ expression }}</c>.</summary>
/// <param name="expression">What is written.</param>
/// <param name="line">Its line.</param>
internal sealed class OutputStatement(Expression expression, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        context.Output.Append(PythonText.Str(context, expression.Evaluate(context)));
        return Flow.Next;
    }
}
