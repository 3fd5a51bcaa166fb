using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;

namespace Konko.Engine.Templates.Statements;

/// <summary><c>{% filter name %} … {% endfilter %}</c>; the body has its own scope.</summary>
/// <param name="filter">What the body's text goes through.</param>
/// <param name="body">The body.</param>
/// <param name="line">Its line.</param>
internal sealed class FilterBlockStatement(FilterExpression filter, Statement body, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        Scope outer = context.Scope;
        context.Scope = new Scope(outer);
        context.Output.Append(PythonText.Str(context, filter.Apply(context, context.Capture(body))));
        context.Scope = outer;
        return Flow.Next;
    }
}
