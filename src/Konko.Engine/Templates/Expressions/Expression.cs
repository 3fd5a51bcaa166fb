using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary>An expression of the syntax tree.</summary>
internal abstract class Expression
{
    /// <summary>Its value, counted against the limits.</summary>
    public TemplateValue Evaluate(RenderContext context)
    {
        context.Enter();
        TemplateValue value = Compute(context);
        context.Leave();
        return value;
    }

    /// <summary>Its value.</summary>
    protected abstract TemplateValue Compute(RenderContext context);
}
