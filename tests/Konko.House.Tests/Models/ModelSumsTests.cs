using System.Security.Cryptography;

namespace Konko.House.Tests.Models;

public sealed class ModelSumsTests
{
    private static readonly Dictionary<string, string> Sums = File.ReadLines(RepositoryFiles.FullPath("models/SHA256SUMS"))
        .Select(line => line.Split(' ', 2)).ToDictionary(parts => parts[1].TrimStart(' ', '*'), parts => parts[0]);

    public static TheoryData<string> Models => [.. RepositoryFiles.Find(".gguf", "models").Select(file => file["models/".Length..])];

    [Theory]
    [MemberData(nameof(Models))]
    public void Model_InTheClone_IsTheOneThatWasSummed(string model)
    {
        using FileStream file = File.OpenRead(RepositoryFiles.FullPath("models/" + model));
        Assert.Equal(Sums[model], Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    [Fact]
    public void Sums_EveryLine_HasItsModel() => Assert.All(Sums.Keys, model => Assert.Contains("models/" + model, RepositoryFiles.Files));

    [Fact]
    public void Readme_EveryModel_StandsInItWithItsSum() =>
        Assert.All(Sums, sum => Assert.Contains(RepositoryFiles.Read("models/README.md").Split('\n'), line => line.Contains(sum.Key, StringComparison.Ordinal) && line.Contains(sum.Value, StringComparison.Ordinal)));
}
