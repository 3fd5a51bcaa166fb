using System.Globalization;
using Konko.House.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Konko.House.Tests.Docs;

/// <summary>The page of errors has every status, type and code that the server answers with.</summary>
public sealed class ErrorsPageTests
{
    private static readonly string[] Page = RepositoryFiles.Read("docs/guide/errors.md").ReplaceLineEndings("\n").Split('\n');

    private static readonly IReadOnlyList<SourceFile> Server = [.. SourceFile.All.Where(file => file.Path.StartsWith("src/Konko.Server/", StringComparison.Ordinal))];

    // An error is made of its status, message, type, and perhaps parameter and code.
    private static readonly IReadOnlyList<(string Status, string Type, string? Code)> Made =
        [.. from file in Server
            from creation in file.Root.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>()
            let arguments = creation.ArgumentList?.Arguments.ToArray() ?? []
            where arguments.Length >= 3 && arguments[0].Expression.IsKind(SyntaxKind.NumericLiteralExpression) && arguments[2].ToString().StartsWith("ErrorTypes.", StringComparison.Ordinal)
            select (arguments[0].ToString(), TypeOf(arguments[2].ToString()["ErrorTypes.".Length..]), arguments.Length > 4 ? Literal(arguments[4].Expression) : null)];

    [Fact]
    public void Page_EveryStatus_StandsInItWithItsType()
    {
        Assert.Contains(Made, made => made is { Status: "503", Type: "server_error" });
        House.Allows(Made.Select(made => (made.Status, made.Type)).Distinct()
            .Where(made => !Page.Any(row => row.StartsWith('|') && row.Split('|')[1].Contains(made.Status, StringComparison.Ordinal) && row.Contains($"`{made.Type}`", StringComparison.Ordinal))));
    }

    [Fact]
    public void Page_EveryCode_StandsInIt()
    {
        string[] codes =
            [.. from file in Server
                from call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
                where call.Expression.ToString() is "InvalidRequest" or "ApiError.InvalidRequest" && call.ArgumentList.Arguments.Count == 3
                let code = Literal(call.ArgumentList.Arguments[2].Expression)
                where code is not null
                select code, .. Made.Select(made => made.Code).OfType<string>()];
        Assert.Contains("context_length_exceeded", codes);
        Assert.Contains("not_resumable", codes);
        House.Allows(codes.Distinct().Where(code => !Page.Any(row => row.StartsWith('|') && row.Contains($"`{code}`", StringComparison.Ordinal))));
    }

    [Fact]
    public void Page_EveryStatusInItsTable_IsAnHttpError() =>
        House.Allows(from row in Page
                     where row.StartsWith("| 4", StringComparison.Ordinal) || row.StartsWith("| 5", StringComparison.Ordinal)
                     from status in row.Split('|')[1].Split(',', StringSplitOptions.TrimEntries)
                     where int.Parse(status, CultureInfo.InvariantCulture) is 409 or 422 or < 400 or > 599
                     select row);

    private static string TypeOf(string name) =>
        Server.Single(file => file.Name == "ErrorTypes").Root.DescendantNodes().OfType<VariableDeclaratorSyntax>()
            .Where(constant => constant.Identifier.ValueText == name).Select(constant => Literal(constant.Initializer!.Value)!).Single();

    private static string? Literal(ExpressionSyntax expression) =>
        expression.IsKind(SyntaxKind.StringLiteralExpression) ? ((LiteralExpressionSyntax)expression).Token.ValueText : null;
}
