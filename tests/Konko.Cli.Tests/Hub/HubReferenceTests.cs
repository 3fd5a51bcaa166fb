using Konko.Cli.Hub;
using Konko.Cli.Running;

namespace Konko.Cli.Tests.Hub;

public sealed class HubReferenceTests
{
    [Theory]
    [InlineData("bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M", "bartowski/Llama-3.2-1B-Instruct-GGUF", "Q4_K_M")]
    [InlineData("a/b_c.d", "a/b_c.d", null)]
    public void Parse_Reference_IsTakenApart(string text, string repository, string? wanted) =>
        Assert.Equal(new HubReference(repository, wanted), HubReference.Parse(text));

    [Theory]
    [InlineData("gpt2")]
    [InlineData("a/b/c")]
    [InlineData("../b")]
    [InlineData("a/..")]
    [InlineData("a/b..c")]
    [InlineData("a/b:")]
    [InlineData("a/b?x=1")]
    [InlineData("a/b\n")]
    [InlineData("https://hub.example/a/b")]
    public void Parse_AnythingElse_IsAUsageError(string text) =>
        Assert.StartsWith("MODEL must be ORG/REPO", Assert.Throws<UsageException>(() => HubReference.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("../main")]
    [InlineData("a b")]
    public void Parse_WrongRevision_IsAUsageError(string revision) => Assert.Throws<UsageException>(() => HubReference.Parse("a/b", revision));
}
