using Konko.Engine.Templates.Runtime;

namespace Konko.Engine.Templates.Statements;

/// <summary>Text outside of tags.</summary>
/// <param name="text">The text.</param>
/// <param name="line">Its line.</param>
internal sealed class TextStatement(string text, int line) : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        context.Output.Append(text, trusted: true);
        return Flow.Next;
    }
}
