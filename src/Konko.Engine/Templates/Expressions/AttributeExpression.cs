using Konko.Engine.Templates.Library;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>owner.name</c>.</summary>
/// <param name="owner">What has the attribute.</param>
/// <param name="name">The attribute's name.</param>
internal sealed class AttributeExpression(Expression owner, string name) : Expression
{
    private readonly StringValue _name = StringValue.Trusted(name);

    protected override TemplateValue Compute(RenderContext context) => Members.Attribute(context, owner.Evaluate(context), _name);
}
