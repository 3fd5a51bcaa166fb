using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Statements;

/// <summary>What a value is assigned to.</summary>
internal abstract class Target
{
    /// <summary>Assigns a value in the innermost scope.</summary>
    public abstract void Assign(RenderContext context, TemplateValue value);
}
