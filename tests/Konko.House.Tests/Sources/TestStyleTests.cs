using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Konko.House.Tests.Sources;

public sealed class TestStyleTests
{
    [Fact]
    public void Name_EveryTest_IsMethodStateOutcome() =>
        House.Allows(from file in SourceFile.All
                     where file.IsTest
                     from method in file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>()
                     where method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory")
                     where method.Identifier.Text.Split('_') is not { Length: >= 3 } parts || parts.Any(part => part.Length == 0)
                     select $"{file.At(method)} {method.Identifier.Text}");

    /// <summary>
    /// A test that waits for the clock is slow on a fast machine and wrong on a slow one. Waiting for ever, to be
    /// cancelled, is neither; nor is asking again and again whether something outside has happened.
    /// </summary>
    [Fact]
    public void Sleep_InTests_IsNowhere() =>
        House.Allows(from file in SourceFile.All
                     where file.IsTest
                     from call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
                     where call.Expression.ToString() is "Thread.Sleep" || call.Expression.ToString() is "Task.Delay" && !IsForEver(call) && !IsPoll(call)
                     select $"{file.At(call)} {call}");

    private static bool IsForEver(InvocationExpressionSyntax delay) =>
        delay.ArgumentList.Arguments[0].ToString().StartsWith("Timeout.Infinite", StringComparison.Ordinal);

    private static bool IsPoll(InvocationExpressionSyntax delay) => delay.Ancestors().Any(node => node is ForStatementSyntax { Condition: not null } or WhileStatementSyntax);
}
