using Konko.Engine.Templates.Runtime;

namespace Konko.Engine.Templates.Statements;

/// <summary><c>{% macro name(parameters) %} … {% endmacro %}</c>.</summary>
/// <param name="number">The template's number for its name.</param>
/// <param name="definition">The macro.</param>
/// <param name="line">Its line.</param>
internal sealed class MacroStatement(int number, MacroDefinition definition, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        context.Scope.Set(number, new MacroValue(definition, context.Scope));
        return Flow.Next;
    }
}
