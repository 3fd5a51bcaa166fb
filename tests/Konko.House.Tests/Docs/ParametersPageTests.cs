using System.Globalization;
using Konko.House.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Konko.House.Tests.Docs;

/// <summary>The page of parameters has every one that the server reads, with the range that the server checks.</summary>
public sealed class ParametersPageTests
{
    private static readonly string[] Reads = ["Number", "Integer", "Boolean", "Text", "Object", "List", "Value", "Fail"];

    private static readonly string[] Rows = [.. RepositoryFiles.Read("docs/guide/parameters.md").ReplaceLineEndings("\n").Split('\n').Where(line => line.Contains('`'))];

    private static readonly IReadOnlyList<SourceFile> Parsers = [.. SourceFile.All.Where(file => file.Path.StartsWith("src/Konko.Server/Api/", StringComparison.Ordinal))];

    private static readonly ILookup<string, string> Constants =
        (from file in Parsers
         from variable in file.Root.DescendantNodes().OfType<VariableDeclaratorSyntax>()
         where variable.Initializer?.Value is LiteralExpressionSyntax
         select (variable.Identifier.ValueText, variable.Initializer!.Value.ToString())).ToLookup(constant => constant.ValueText, constant => constant.Item2);

    // What is asked of the request itself: parameters.Number("temperature", 0, 2).
    private static readonly IReadOnlyList<(string Name, string Read, ArgumentSyntax[] Bounds, bool AboveMin)> Asked =
        [.. from file in Parsers
            from call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
            where call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "parameters" } } access && Reads.Contains(access.Name.Identifier.ValueText)
            let arguments = call.ArgumentList.Arguments
            where arguments[0].Expression.IsKind(SyntaxKind.StringLiteralExpression)
            select (((LiteralExpressionSyntax)arguments[0].Expression).Token.ValueText, ((MemberAccessExpressionSyntax)call.Expression).Name.Identifier.ValueText,
                arguments.Skip(1).Where(argument => argument.NameColon is null).ToArray(), arguments.Any(argument => argument.NameColon is not null))];

    [Fact]
    public void Page_EveryParameterThatIsRead_StandsInIt()
    {
        Assert.Contains("temperature", Asked.Select(asked => asked.Name));
        House.Allows(Asked.Select(asked => asked.Name).Distinct().Where(name => !RowsOf(name).Any()));
    }

    [Fact]
    public void Page_EveryRangeThatIsChecked_StandsBesideItsParameter()
    {
        (string Name, string Range)[] ranges = [.. Asked.Where(asked => asked.Read is "Number" or "Integer" && asked.Bounds.Length > 0).Select(asked => (asked.Name, Range(asked.Bounds, asked.AboveMin)))];
        Assert.Contains(("temperature", "0 … 2"), ranges);
        Assert.Contains(("n", "1 … 128"), ranges);
        House.Allows(ranges.Where(asked => !RowsOf(asked.Name).Any(row => row.Contains(asked.Range, StringComparison.Ordinal))).Distinct());
    }

    private static IEnumerable<string> RowsOf(string name) => Rows.Where(row => row.Contains($"`{name}`", StringComparison.Ordinal));

    private static string Range(ArgumentSyntax[] bounds, bool aboveMin)
    {
        string min = Bound(bounds[0])!;
        string? max = bounds.Length > 1 ? Bound(bounds[1]) : null;
        return max is null ? $"at least {min}" : aboveMin ? $"above {min}, at most {max}" : $"{min} … {max}";
    }

    // A number, or the name of a constant; what is none of ours is no bound that a caller meets.
    private static string? Bound(ArgumentSyntax bound)
    {
        string text = bound.Expression.ToString();
        return double.TryParse(text, CultureInfo.InvariantCulture, out _) ? text : Constants[text.Split('.')[^1]].FirstOrDefault();
    }
}
