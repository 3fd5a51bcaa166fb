using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>{key: value}</c>.</summary>
/// <param name="members">The keys and values.</param>
internal sealed class DictExpression((Expression Key, Expression Value)[] members) : Expression
{
    protected override TemplateValue Compute(RenderContext context)
    {
        context.MakeElements(members.Length);
        var dict = new DictValue();
        foreach ((Expression key, Expression value) in members) dict.Set(key.Evaluate(context), value.Evaluate(context));
        return dict;
    }
}
