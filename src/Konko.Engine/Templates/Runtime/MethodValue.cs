using Konko.Engine.Templates.Library;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Runtime;

/// <summary>A method together with the value it was taken from.</summary>
/// <param name="name">Its name in messages.</param>
/// <param name="receiver">The value.</param>
/// <param name="body">What it does.</param>
internal sealed class MethodValue(string name, TemplateValue receiver, Filter body) : CallableValue
{
    public override string Name => name;

    public override TemplateValue Call(RenderContext context, CallArguments arguments) => body(context, receiver, arguments);
}
