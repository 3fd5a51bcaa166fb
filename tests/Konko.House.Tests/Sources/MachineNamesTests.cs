using System.Text.RegularExpressions;

namespace Konko.House.Tests.Sources;

/// <summary>What is written for everybody names nobody's machine.</summary>
public sealed partial class MachineNamesTests
{
    private const string ThisFile = "tests/Konko.House.Tests/Sources/MachineNamesTests.cs";

    private static readonly string[] Binary = [".gguf", ".bin", ".f32", ".png", ".ico", ".woff2"];

    [Fact]
    public void Text_EveryFile_NamesNoMachinePathAndNoRegistryHost() =>
        House.Allows(RepositoryFiles.Files
            .Where(file => file != ThisFile && !Binary.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .SelectMany(file => MachineName().Matches(RepositoryFiles.Read(file)).Select(match => $"{file}: {match.Value}")));

    [Theory]
    [InlineData("cd /home/ann/konko", true)]
    [InlineData(@"C:\Users\ann", true)]
    [InlineData("https://api.nuget.org/v3/index.json", true)]
    [InlineData("see /workspaces for more", false)]
    [InlineData("network/work/flow", false)]
    [InlineData("GET /v1/models", false)]
    public void MachineName_Text_IsFound(string text, bool expected) => Assert.Equal(expected, MachineName().IsMatch(text));

    [GeneratedRegex(@"(?<![\w./-])/(home|root|work|Users)/[\w.-]+|[A-Za-z]:\\Users\\|\b(api\.nuget\.org|registry\.npmjs\.org|pypi\.org|files\.pythonhosted\.org|proxy\.golang\.org|crates\.io)\b")]
    private static partial Regex MachineName();
}
