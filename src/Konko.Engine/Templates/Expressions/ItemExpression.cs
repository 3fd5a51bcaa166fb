using Konko.Engine.Templates.Library;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>owner[key]</c>.</summary>
/// <param name="owner">What has the item.</param>
/// <param name="key">The item's key or index.</param>
internal sealed class ItemExpression(Expression owner, Expression key) : Expression
{
    protected override TemplateValue Compute(RenderContext context)
    {
        TemplateValue value = owner.Evaluate(context);
        return Members.Item(context, value, key.Evaluate(context));
    }
}
