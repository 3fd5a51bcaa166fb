namespace Konko.House.Tests.Docs;

public sealed class SnippetTests
{
    [Fact]
    public void Snippets_OfThePages_Compile() => House.Allows(Snippet.All.SelectMany(snippet => snippet.Errors()));

    [Theory]
    [InlineData("var app = WebApplication.CreateBuilder(args).Build(); app.MapGet(\"/\", () => \"hi\"); await app.RunAsync();", true)]
    [InlineData("Console.WriteLine(Konko.Nothing.Here);", false)]
    [InlineData("string text = null;", false)]
    public void Errors_OfASnippet_AreTheCompilers(string code, bool compiles) => Assert.Equal(compiles, !new Snippet("page.md", code).Errors().Any());
}
