using Konko.Engine.Templates.Statements;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Runtime;

/// <summary>A macro, or the body of a call block, with the scope it was defined in.</summary>
/// <param name="definition">Its parameters and body.</param>
/// <param name="scope">The scope around its definition.</param>
internal sealed class MacroValue(MacroDefinition definition, Scope scope) : CallableValue
{
    public override string Name => definition.Name;

    public override TemplateValue Call(RenderContext context, CallArguments arguments)
    {
        var local = new Scope(scope);
        Scope outer = context.Scope;
        context.Scope = local;
        definition.Bind(context, local, arguments);
        StringValue text = context.Capture(definition.Body);
        context.Scope = outer;
        return text;
    }
}
