using System.Text;
using Konko.Engine.Grammar;
using Konko.Engine.Grammar.Calls;
using Konko.Server.Api.Answers;
using Konko.Server.Api.Errors;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Providers.Local;

/// <summary>The grammar of an answer that is free, but for the calls in it: their arguments satisfy the schemas of strict functions.</summary>
internal static class StrictCalls
{
    /// <summary>The grammar of a request's tools, or what is wrong with them.</summary>
    /// <param name="tools">The tools, strict ones among them.</param>
    /// <param name="dialect">How the model writes calls.</param>
    /// <param name="thoughts">How its thoughts stand in the answer.</param>
    /// <param name="grammar">The grammar.</param>
    public static ApiError? Compile(ToolOptions tools, ToolDialect dialect, ThoughtMarks thoughts, out CompiledGrammar? grammar)
    {
        grammar = null;
        var source = new StringBuilder($"{dialect} {thoughts}");
        foreach (ToolDefinition tool in tools.Tools) source.Append('\n').Append(tool.Name).Append(' ').Append(tool.Arguments?.GetRawText());
        try
        {
            grammar = GrammarCache.Shared.Of(source.ToString(), () => CompiledGrammar.OfCalls(Syntax(tools, dialect, thoughts)));
            return null;
        }
        catch (GrammarException exception)
        {
            foreach (ToolDefinition tool in tools.Tools)
                if (Refuse(tool) is { } error) return error;
            return Refusal("tools", $"cannot be enforced together: {exception.Message}.");
        }
    }

    private static CallSyntax Syntax(ToolOptions tools, ToolDialect dialect, ThoughtMarks thoughts)
    {
        var words = DialectSyntax.Of(dialect);
        return new CallSyntax
        {
            Tools = [.. tools.Tools.Select(tool => new CallTool(tool.Name, tool.Arguments))],
            Openers = words.Openers,
            Closers = words.Closers,
            Inner = words.Inner,
            Fences = DialectSyntax.Fences,
            HasNamedCalls = dialect == ToolDialect.Mistral,
            Thoughts = thoughts,
            IsHarmony = dialect == ToolDialect.Harmony,
        };
    }

    private static ApiError? Refuse(ToolDefinition tool)
    {
        if (tool.Arguments is not { } schema) return null;
        try
        {
            // The caller's own schema first: what a message points to is then a place in it.
            if (tool.Parameters is { } own) CompiledGrammar.OfJsonSchema(own);
            CompiledGrammar.OfJsonSchema(schema);
            return null;
        }
        catch (GrammarException exception)
        {
            return Refusal(tool.Path, $"cannot be enforced: {exception.Message}.");
        }
    }

    private static ApiError Refusal(string path, string message) => ApiError.InvalidRequest(path, $"'{path}' {message}");
}
