using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Konko.House.Tests.Sources;

public sealed partial class GateTests
{
    /// <summary>A misspelt gate would be run by nobody.</summary>
    [Fact]
    public void Gate_OfEveryTest_IsOneThatTheBenchRuns() => Assert.Equal(Listed().Except(["newcomer", "sdk-aot", "sdk-cost", "speed", "tokenizers"]).Order(StringComparer.Ordinal), Marked().Distinct().Order(StringComparer.Ordinal));

    private static string[] Listed() => Names().Match(RepositoryFiles.Read("bench/gates")).Groups[1].Value.Split(' ');

    private static IEnumerable<string> Marked() =>
        from file in SourceFile.All
        where file.IsTest
        from attribute in file.Root.DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() is "Trait"
        let texts = attribute.ArgumentList!.Arguments.Select(argument => argument.Expression).OfType<LiteralExpressionSyntax>().Select(text => text.Token.ValueText).ToArray()
        where texts is ["Gate", _]
        select texts[1];

    [GeneratedRegex("^names='([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Names();
}
