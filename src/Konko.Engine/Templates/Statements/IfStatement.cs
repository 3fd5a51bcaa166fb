using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Runtime;

namespace Konko.Engine.Templates.Statements;

/// <summary><c>{% if %} … {% elif %} … {% else %} … {% endif %}</c>; it has no scope of its own.</summary>
/// <param name="branches">The conditions and what follows them.</param>
/// <param name="otherwise">What follows <c>else</c>, or null.</param>
/// <param name="line">Its line.</param>
internal sealed class IfStatement((Expression Condition, Statement Body)[] branches, Statement? otherwise, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        foreach ((Expression condition, Statement body) in branches)
        {
            if (condition.Evaluate(context).IsTrue) return body.Execute(context);
        }
        return otherwise?.Execute(context) ?? Flow.Next;
    }
}
