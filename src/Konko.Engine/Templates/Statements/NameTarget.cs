using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Statements;

/// <summary>A variable.</summary>
/// <param name="number">The template's number for its name.</param>
internal sealed class NameTarget(int number) : Target
{
    public override void Assign(RenderContext context, TemplateValue value) => context.Scope.Set(number, value);
}
