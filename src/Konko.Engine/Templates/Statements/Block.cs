using Konko.Engine.Templates.Runtime;

namespace Konko.Engine.Templates.Statements;

/// <summary>Statements one after the other.</summary>
/// <param name="statements">The statements.</param>
/// <param name="line">The line of the first.</param>
internal sealed class Block(Statement[] statements, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        foreach (Statement statement in statements)
        {
            Flow flow = statement.Execute(context);
            if (flow != Flow.Next) return flow;
        }
        return Flow.Next;
    }
}
