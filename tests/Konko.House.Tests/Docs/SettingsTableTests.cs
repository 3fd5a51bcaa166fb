using Konko.House.Tests.Sources;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Konko.House.Tests.Docs;

public sealed class SettingsTableTests
{
    private const string Page = "docs/guide/configuration.md";

    [Fact]
    public void Page_EverySetting_StandsInItWithTheWordsOfTheHelp()
    {
        List<string> rows = [.. Rows()];
        string[] page = RepositoryFiles.Read(Page).ReplaceLineEndings("\n").Split('\n');

        Assert.NotEmpty(rows);
        House.Allows(rows.Except(page));
        Assert.Equal(rows.Count, page.Count(line => line.StartsWith("| `--", StringComparison.Ordinal)));
    }

    // A setting is made of its name, its flag, what the flag's value is called, its kind, and a line for the help.
    private static IEnumerable<string> Rows() =>
        from file in SourceFile.All
        where file.Path == "src/Konko.Server/Configuration/Settings.cs"
        from setting in file.Root.DescendantNodes().OfType<ImplicitObjectCreationExpressionSyntax>()
        let texts = setting.ArgumentList.Arguments.Select(argument => argument.Expression).OfType<LiteralExpressionSyntax>().Select(text => text.Token.ValueText).ToArray()
        where texts.Length == 4
        select $"| `{$"{texts[1]} {texts[2]}".TrimEnd()}` | `KONKO_{texts[0].ToUpperInvariant()}` | `{texts[0]}` | {texts[3]} |";
}
