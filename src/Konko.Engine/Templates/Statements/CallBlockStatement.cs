using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;

namespace Konko.Engine.Templates.Statements;

/// <summary><c>{% call(parameters) macro(arguments) %} … {% endcall %}</c>: the macro gets the body as <c>caller</c>.</summary>
/// <param name="call">The call.</param>
/// <param name="body">The body as a macro.</param>
/// <param name="line">Its line.</param>
internal sealed class CallBlockStatement(CallExpression call, MacroDefinition body, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        var caller = new MacroValue(body, context.Scope);
        context.Output.Append(PythonText.Str(context, call.EvaluateWithCaller(context, caller)));
        return Flow.Next;
    }
}
