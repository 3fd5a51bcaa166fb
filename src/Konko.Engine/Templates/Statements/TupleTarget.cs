using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Statements;

/// <summary>Several targets that share out the elements of a value.</summary>
/// <param name="targets">The targets.</param>
internal sealed class TupleTarget(Target[] targets) : Target
{
    public override void Assign(RenderContext context, TemplateValue value)
    {
        if (value is UndefinedValue missing) throw missing.Failure();
        TemplateValue[] items = Sequences.Items(context, value);
        if (items.Length != targets.Length) throw new TemplateException($"{targets.Length} values are needed, {items.Length} are there");
        for (int i = 0; i < items.Length; i++) targets[i].Assign(context, items[i]);
    }
}
