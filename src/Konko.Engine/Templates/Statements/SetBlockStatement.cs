using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Statements;

/// <summary><c>{% set target | filter %} … {% endset %}</c>; the body has its own scope.</summary>
/// <param name="target">What is set to the body's text.</param>
/// <param name="filter">What the text goes through, or null.</param>
/// <param name="body">The body.</param>
/// <param name="line">Its line.</param>
internal sealed class SetBlockStatement(Target target, FilterExpression? filter, Statement body, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        Scope outer = context.Scope;
        context.Scope = new Scope(outer);
        TemplateValue text = context.Capture(body);
        if (filter is not null) text = filter.Apply(context, text);
        context.Scope = outer;
        target.Assign(context, text);
        return Flow.Next;
    }
}
