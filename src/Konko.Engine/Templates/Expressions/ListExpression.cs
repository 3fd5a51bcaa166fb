using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>[a, b]</c> or <c>(a, b)</c>.</summary>
/// <param name="items">The elements.</param>
/// <param name="kind">A list or a tuple.</param>
internal sealed class ListExpression(Expression[] items, SequenceKind kind) : Expression
{
    /// <summary>The elements.</summary>
    public Expression[] Items => items;

    /// <summary>A list or a tuple.</summary>
    public SequenceKind Kind => kind;

    protected override TemplateValue Compute(RenderContext context)
    {
        context.MakeElements(items.Length);
        var values = new TemplateValue[items.Length];
        for (int i = 0; i < items.Length; i++) values[i] = items[i].Evaluate(context);
        return new ListValue(values, kind);
    }
}
