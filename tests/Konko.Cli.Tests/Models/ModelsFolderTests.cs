using Konko.Cli.Models;
using Konko.Cli.Running;
using Konko.Server.Configuration;

namespace Konko.Cli.Tests.Models;

public sealed class ModelsFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("konko-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("flag", "env", "data", "flag")]
    [InlineData(null, "env", "data", "env")]
    [InlineData(null, null, "data", "data/models")]
    [InlineData(null, null, null, "user/models")]
    public void Find_Settings_TheNearestCounts(string? flag, string? models, string? data, string expected)
    {
        var environment = new Dictionary<string, string>();
        if (models is not null) environment["KONKO_MODELS_DIR"] = In(models);
        if (data is not null) environment["KONKO_DATA"] = In(data);

        Assert.Equal(In(expected), ModelsFolder.Find(flag is null ? null : In(flag), new ConfigurationSources { Environment = environment, UserDirectory = In("user") }).Path);
    }

    [Fact]
    public void Find_NoFolderAtAll_IsAUsageError() =>
        Assert.Contains("--models-dir", Assert.Throws<UsageException>(() => ModelsFolder.Find(null, new ConfigurationSources())).Message, StringComparison.Ordinal);

    [Fact]
    public void Find_OtherSettingThatIsWrong_IsTold() =>
        Assert.StartsWith("port (KONKO_PORT)", Assert.Throws<UsageException>(() =>
            ModelsFolder.Find(null, new ConfigurationSources { Environment = new Dictionary<string, string> { ["KONKO_PORT"] = "x" }, UserDirectory = In("user") })).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_UsersOwnModels_AreServedBesideTheEmbeddedOnes()
    {
        string models = Directory.CreateDirectory(In("user/models")).FullName;
        var sources = new ConfigurationSources { UserDirectory = In("user") };
        Assert.Null(ConfigurationLoader.Load(sources).Options.ModelsDirectory);

        File.Copy(Repository.Reference("tiny", "llama.gguf")!, Path.Combine(models, "tiny.gguf"));
        LoadedConfiguration loaded = ConfigurationLoader.Load(sources);

        Assert.Empty(loaded.Errors);
        Assert.Equal(models, loaded.Options.ModelsDirectory);
        Assert.Equal(2, loaded.Options.Models.Count);
        Assert.Equal("tiny", ModelsFolder.Find(null, sources).IdOf(Path.Combine(models, "tiny.gguf")));

        // Whoever names models gets those.
        ConfigurationSources named = sources with { Flags = new Dictionary<string, IReadOnlyList<string>> { ["models"] = [Repository.SmolLM2] } };
        Assert.Null(ConfigurationLoader.Load(named).Options.ModelsDirectory);
    }

    private string In(string name) => Path.Combine([_folder, .. name.Split('/')]);
}
