using Konko.Engine.Templates.Runtime;

namespace Konko.Engine.Templates.Statements;

/// <summary><c>{% break %}</c> or <c>{% continue %}</c>.</summary>
/// <param name="flow">Which of them.</param>
/// <param name="line">Its line.</param>
internal sealed class LoopControlStatement(Flow flow, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context) => flow;
}
