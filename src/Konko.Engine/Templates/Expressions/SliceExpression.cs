using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>owner[start:stop:step]</c>.</summary>
/// <param name="owner">What is sliced.</param>
/// <param name="start">First index, or null.</param>
/// <param name="stop">Index after the last, or null.</param>
/// <param name="step">The step, or null.</param>
internal sealed class SliceExpression(Expression owner, Expression? start, Expression? stop, Expression? step) : Expression
{
    protected override TemplateValue Compute(RenderContext context)
    {
        TemplateValue value = owner.Evaluate(context);
        TemplateValue from = Bound(context, start), to = Bound(context, stop), by = Bound(context, step);
        if (value is UndefinedValue missing) throw missing.Failure();
        return Sequences.Slice(context, value, from, to, by) ?? new UndefinedValue($"a {value.TypeName} cannot be sliced");
    }

    private static TemplateValue Bound(RenderContext context, Expression? bound) => bound?.Evaluate(context) ?? NoneValue.Instance;
}
