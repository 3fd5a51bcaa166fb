using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Runtime;

/// <summary>A function of the engine.</summary>
/// <param name="name">Its name in messages.</param>
/// <param name="body">What it does.</param>
internal sealed class FunctionValue(string name, Func<RenderContext, CallArguments, TemplateValue> body) : CallableValue
{
    public override string Name => name;

    public override TemplateValue Call(RenderContext context, CallArguments arguments) => body(context, arguments);
}
