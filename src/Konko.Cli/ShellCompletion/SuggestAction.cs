using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Konko.Cli.ShellCompletion;

/// <summary>Answers <c>konko [suggest:POSITION] LINE</c>, which shells ask: what the word at the position may become, a line each.</summary>
/// <param name="directive">The directive that is answered.</param>
internal sealed class SuggestAction(SuggestDirective directive) : SynchronousCommandLineAction
{
    /// <summary>Lets a root answer it.</summary>
    public static void ShowIn(RootCommand root)
    {
        foreach (SuggestDirective directive in root.Directives.OfType<SuggestDirective>()) directive.Action = new SuggestAction(directive);
        // Spellings that nobody would choose from a list.
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            foreach (string alias in (string[])["-?", "/?", "/h"]) help.Aliases.Remove(alias);
        }
    }

    // The line is seldom a whole command.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        string line = parseResult.Tokens.LastOrDefault(token => token.Type != TokenType.Directive)?.Value ?? "";
        int position = int.TryParse(parseResult.GetResult(directive)?.Values is [var at, ..] ? at : null, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? Math.Min(given, line.Length) : line.Length;
        string word = line[..position].Split(' ')[^1];
        IEnumerable<string> words = parseResult.RootCommandResult.Command.Parse(line).GetCompletions(position)
            .Select(completion => completion.InsertText ?? completion.Label)
            // Flags are offered to those who began one: everybody else wants an argument or a file.
            .Where(text => text.StartsWith('-') == word.StartsWith('-') && text.StartsWith(word, StringComparison.Ordinal))
            .Distinct();
        foreach (string text in words) parseResult.InvocationConfiguration.Output.WriteLine(text);
        return ExitCodes.Success;
    }
}
