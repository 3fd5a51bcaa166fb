using Konko.Engine.Templates.Library;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>value | filter(arguments)</c>.</summary>
/// <param name="value">What is filtered; null in a filter block, whose text is given.</param>
/// <param name="name">The filter's name.</param>
/// <param name="arguments">Further arguments.</param>
internal sealed class FilterExpression(Expression? value, string name, ArgumentList arguments) : Expression
{
    // An unknown filter fails where it is used, so that a template may have one in a branch that is not taken.
    private readonly Filter? _filter = Filters.Find(name);

    /// <summary>Applies the filters to a text in place of the value that was left out.</summary>
    public TemplateValue Apply(RenderContext context, TemplateValue text) =>
        Filter(context, value is FilterExpression inner ? inner.Apply(context, text) : text);

    protected override TemplateValue Compute(RenderContext context) => Filter(context, value!.Evaluate(context));

    private TemplateValue Filter(RenderContext context, TemplateValue input)
    {
        if (_filter is null) throw new TemplateException($"there is no filter '{name}'");
        return _filter(context, input, arguments.Evaluate(context));
    }
}
