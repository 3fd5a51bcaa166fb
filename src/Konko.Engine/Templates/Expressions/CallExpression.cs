using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>function(arguments)</c>.</summary>
/// <param name="function">What is called.</param>
/// <param name="arguments">What with.</param>
internal sealed class CallExpression(Expression function, ArgumentList arguments) : Expression
{
    /// <summary>Its value when it is the head of a call block.</summary>
    /// <param name="context">The render.</param>
    /// <param name="caller">The block's body.</param>
    public TemplateValue EvaluateWithCaller(RenderContext context, TemplateValue caller) => Call(context, caller);

    protected override TemplateValue Compute(RenderContext context) => Call(context, null);

    private TemplateValue Call(RenderContext context, TemplateValue? caller)
    {
        TemplateValue target = function.Evaluate(context);
        if (target is UndefinedValue missing) throw missing.Failure();
        if (target is not CallableValue callable) throw new TemplateException($"'{target.TypeName}' object is not callable");
        return callable.Call(context, arguments.Evaluate(context, caller));
    }
}
