using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Statements;

/// <summary>An attribute of a namespace.</summary>
/// <param name="name">The variable that holds the namespace.</param>
/// <param name="number">The template's number for it.</param>
/// <param name="attribute">The attribute.</param>
internal sealed class NamespaceTarget(string name, int number, string attribute) : Target
{
    public override void Assign(RenderContext context, TemplateValue value)
    {
        TemplateValue owner = context.Scope.Find(number) ?? throw UndefinedValue.Variable(name).Failure();
        if (owner is not NamespaceValue space) throw new TemplateException($"'{name}' is not a namespace, its attributes cannot be set");
        space.Set(attribute, value);
    }
}
