using System.Text.Json;
using Konko.Engine.Gguf;
using Konko.Server.Configuration;
using Konko.Server.Models;
using Konko.Server.Tests.Hosting;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("konko-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_FilesOfEveryKind_NamesThemByTheirMetadataOrTheirName()
    {
        Named("x.gguf", "Mistral AI", "Mistral", "7B", "Instruct", "v0.1");
        Named("y.gguf", "Some Org", null, null, null, null);
        new SyntheticModel().Write(Path("My Model.Q4_0.gguf"));
        new SyntheticModel().WriteSplit(Path("large"));
        File.WriteAllText(Path("readme.txt"), "no model");

        ModelFolder folder = ModelFolder.Read(_folder, []);

        Assert.Empty(folder.Skipped);
        Assert.Equal(
            ["my-model.q4_0", "large", "mistral-ai/mistral-7b-instruct-v0.1", "some-org/synthetic"],
            folder.Models.Select(model => model.Id));
        Assert.Equal(Path("large-00001-of-00002.gguf"), folder.Models[1].Path);
    }

    [Fact]
    public void Read_DamagedFiles_AreSkippedByNameWithTheReason()
    {
        new SyntheticModel().Write(Path("good.gguf"));
        File.WriteAllText(Path("text.gguf"), "this is no model");
        File.WriteAllBytes(Path("cut.gguf"), File.ReadAllBytes(Path("good.gguf"))[..1_000_000]);
        File.Delete(new SyntheticModel().WriteSplit(Path("orphan")));
        File.Copy(Repository.Reference("vocab", "llama-spm.gguf")!, Path("vocabulary.gguf"));
        var clip = new GgufWriter();
        clip.Set("general.architecture", "clip");
        using (FileStream stream = File.Create(Path("clip.gguf"))) clip.Write(stream);

        ModelFolder folder = ModelFolder.Read(_folder, []);

        Assert.Equal("good", Assert.Single(folder.Models).Id);
        Assert.Equal(5, folder.Skipped.Count);
        Assert.Contains(folder.Skipped, text => text.StartsWith("text.gguf: ", StringComparison.Ordinal) && text.Contains("GGUF", StringComparison.Ordinal));
        Assert.Contains(folder.Skipped, text => text.StartsWith("cut.gguf: ", StringComparison.Ordinal));
        Assert.Contains(folder.Skipped, text => text.StartsWith("clip.gguf: ", StringComparison.Ordinal) && text.Contains("'clip' is not supported", StringComparison.Ordinal));
        Assert.Contains("orphan-00002-of-00002.gguf: 'orphan-00001-of-00002.gguf', the first file of the split model, is missing.", folder.Skipped);
        Assert.Contains(folder.Skipped, text => text.StartsWith("vocabulary.gguf: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_OneModelInSeveralFiles_GivesTheLaterOnesLongerNames()
    {
        Named("1.gguf", "O", "M", null, null, null);
        Named("2.gguf", "O", "M", null, null, null);
        Named("3.gguf", "O", "M", null, null, null);
        Named("4.gguf", "O", "M", null, null, null);
        var named = new ModelOptions { Path = Path("4.gguf"), Id = "3" };

        ModelFolder folder = ModelFolder.Read(_folder, [named]);

        Assert.Equal(["o/m", "o/m-q4_0"], folder.Models.Select(model => model.Id));
        Assert.Equal("3.gguf: another model is served as 'o/m'.", Assert.Single(folder.Skipped));
    }

    [Fact]
    public async Task Serve_Folder_ListsAllUnloadedAndLoadsTheOneThatIsAskedFor()
    {
        Named("a.gguf", "Org", "Model", "1B", null, null);
        new SyntheticModel().Write(Path("b.gguf"));
        File.WriteAllText(Path("broken.gguf"), "this is no model");
        var options = new KonkoOptions { Port = 0, ModelsDirectory = _folder, Aliases = new Dictionary<string, string> { ["gpt-x"] = "org/model-1b" } };
        await using RunningServer server = await RunningServer.StartOwnAsync(options);
        Assert.Equal(200, (int)(await server.GetAsync("/readyz")).StatusCode);

        JsonElement[] rows = [.. (await RunningServer.JsonAsync(await server.GetAsync("/v1/models"))).GetProperty("data").EnumerateArray()];
        Assert.Equal(["org/model-1b", "b", "gpt-x"], rows.Select(row => row.GetProperty("id").GetString()));
        foreach (JsonElement row in rows)
        {
            Assert.Equal(("unloaded", "Q4_0", 512), (row.GetProperty("state").GetString(), row.GetProperty("quantization").GetString(), row.GetProperty("max_context_length").GetInt32()));
            Assert.False(row.GetProperty("is_chat").GetBoolean());
            Assert.True(row.GetProperty("is_text").GetBoolean());
            Assert.InRange(row.GetProperty("parameters").GetInt64(), 4_000_000, 5_000_000);
        }

        Assert.Equal(("Org", "apache-2.0", "https://licence.example"), (Text("creator"), Text("license_name"), Text("license_url")));
        JsonElement answer = await server.PostAsync("/v1/completions", """{"model":"gpt-x","prompt":"Hello","max_tokens":3,"ignore_eos":true}""");
        Assert.Equal(3, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(["loaded", "unloaded", "loaded"], server.Server.Models.List().Data.Select(row => row.State));
        JsonElement refused = await server.PostAsync("/v1/chat/completions", """{"model":"b","messages":[{"role":"user","content":"Hello"}]}""", 400);
        Assert.Equal("model", refused.GetProperty("param").GetString());

        string? Text(string name) => rows[0].GetProperty(name).GetString();
    }

    [Fact]
    public void Validate_NothingToServe_SaysWhy()
    {
        File.WriteAllText(Path("text.gguf"), "this is no model");

        SettingError error = Assert.Single(OptionsValidator.Validate(new KonkoOptions { ModelsDirectory = _folder }, _ => "options"));

        Assert.StartsWith($"models_dir (options): there is no GGUF file in '{_folder}' that can be served. text.gguf: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FolderBesideModels_KeepsTheSettingsOfEach()
    {
        new SyntheticModel().Write(Path("a.gguf"));
        new SyntheticModel().Write(Path("b.gguf"));
        var named = new ModelOptions { Path = Path("a.gguf"), Id = "Org/A" };

        IReadOnlyList<ModelOptions> models = ServedFiles.Of(new KonkoOptions { Models = [named], ModelsDirectory = _folder }).Models;
        IReadOnlyList<ModelOptions> demanded = ServedFiles.Of(new KonkoOptions { Models = [named with { UnloadAfter = TimeSpan.FromSeconds(5) }], Load = ModelLoad.Demand }).Models;

        Assert.Equal([("org/a", ModelLoad.Start, Timeout.InfiniteTimeSpan), ("b", ModelLoad.Demand, TimeSpan.FromMinutes(10))], models.Select(model => (model.Id!, model.Load!.Value, model.UnloadAfter!.Value)));
        Assert.Equal([(ModelLoad.Demand, TimeSpan.FromSeconds(5))], demanded.Select(model => (model.Load!.Value, model.UnloadAfter!.Value)));
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private void Named(string file, string? organization, string? basename, string? size, string? finetune, string? version)
        => new SyntheticModel
        {
            Metadata = writer =>
            {
                Set("organization", organization);
                Set("basename", basename);
                Set("size_label", size);
                Set("finetune", finetune);
                Set("version", version);
                Set("license", "apache-2.0");
                Set("license.link", "https://licence.example");

                void Set(string key, string? value)
                {
                    if (value is not null) writer.Set("general." + key, value);
                    else writer.Remove("general." + key);
                }
            },
        }.Write(Path(file));
}
