using Konko.Engine.Templates.Library;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary><c>value is test(arguments)</c>.</summary>
/// <param name="value">What is tested.</param>
/// <param name="name">The test's name.</param>
/// <param name="arguments">Further arguments.</param>
internal sealed class TestExpression(Expression value, string name, ArgumentList arguments) : Expression
{
    private readonly Test? _test = Tests.Find(name);

    protected override TemplateValue Compute(RenderContext context)
    {
        if (_test is null) throw new TemplateException($"there is no test '{name}'");
        TemplateValue tested = value.Evaluate(context);
        return BooleanValue.Of(_test(context, tested, arguments.Evaluate(context)));
    }
}
