using Konko.Engine.Templates.Runtime;

namespace Konko.Engine.Templates.Statements;

/// <summary>A statement of the syntax tree.</summary>
/// <param name="line">Its line in the source, from 1.</param>
internal abstract class Statement(int line)
{
    /// <summary>Runs it, counted against the limits.</summary>
    public Flow Execute(RenderContext context)
    {
        context.Enter();
        context.Line = line;
        Flow flow = Run(context);
        context.Leave();
        return flow;
    }

    /// <summary>Runs it.</summary>
    protected abstract Flow Run(RenderContext context);
}
