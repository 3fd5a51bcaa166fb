using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Statements;

/// <summary><c>{% with target = value %} … {% endwith %}</c>, or <c>{% generation %}</c>: a body with its own scope.</summary>
/// <param name="assignments">What is set in it; the values are evaluated outside.</param>
/// <param name="body">The body.</param>
/// <param name="line">Its line.</param>
internal sealed class WithStatement((Target Target, Expression Value)[] assignments, Statement body, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        Scope outer = context.Scope;
        TemplateValue[] values = Array.ConvertAll(assignments, assignment => assignment.Value.Evaluate(context));
        context.Scope = new Scope(outer);
        for (int i = 0; i < values.Length; i++) assignments[i].Target.Assign(context, values[i]);
        Flow flow = body.Execute(context);
        context.Scope = outer;
        return flow;
    }
}
