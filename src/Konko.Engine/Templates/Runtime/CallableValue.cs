using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Runtime;

/// <summary>A value that can be called.</summary>
internal abstract class CallableValue : TemplateValue
{
    /// <summary>Its name in messages.</summary>
    public abstract string Name { get; }

    internal override string TypeName => "function";

    /// <summary>Calls it.</summary>
    public abstract TemplateValue Call(RenderContext context, CallArguments arguments);
}
