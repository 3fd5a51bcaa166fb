using System.Text.Json;

namespace Konko.Cli.Tests.Models;

/// <summary>The built program on files of this machine.</summary>
public sealed class ModelsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("konko-models-").FullName;

    private static string Tiny => Repository.Reference("tiny", "llama.gguf")!;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task List_Folder_ShowsWhatWouldBeServedAndWhatNot()
    {
        File.Copy(Tiny, Path.Combine(_folder, "tiny.gguf"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "broken.gguf"), "no model", TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await KonkoProcess.RunAsync("models", "list", "--models-dir", _folder);

        Assert.Equal(0, exitCode);
        string[] lines = output.Split('\n');
        Assert.Matches(@"^MODEL +WEIGHTS +TYPE +CONTEXT +SIZE +FOR$", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("huggingfacetb/smollm2-135m-instruct  ", StringComparison.Ordinal) && line.Contains("135M", StringComparison.Ordinal));
        Assert.Matches(@"^tiny +\S+ +F32 +\d+ +[\d.]+ [KM]iB +text$", lines[^1]);
        Assert.Contains("not served: broken.gguf:", error, StringComparison.Ordinal);
        Assert.Contains($"The folder of models is {_folder}.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Json_IsTheSame()
    {
        File.Copy(Tiny, Path.Combine(_folder, "tiny.gguf"));

        (int exitCode, string output, _) = await KonkoProcess.RunAsync("models", "list", "--json", "--models-dir", _folder);

        using JsonDocument list = JsonDocument.Parse(output);
        Assert.Equal(0, exitCode);
        Assert.Equal(_folder, list.RootElement.GetProperty("folder").GetString());
        JsonElement tiny = list.RootElement.GetProperty("models").EnumerateArray().Last();
        Assert.Equal(("tiny", "llama", new FileInfo(Tiny).Length), (tiny.GetProperty("id").GetString(), tiny.GetProperty("architecture").GetString(), tiny.GetProperty("bytes").GetInt64()));
    }

    [Fact]
    public async Task Show_EmbeddedModel_TellsWhatIsKnown()
    {
        (int exitCode, string output, _) = await KonkoProcess.RunAsync("models", "show", "HuggingFaceTB/SmolLM2-135M-Instruct");

        Assert.Equal(0, exitCode);
        string[] lines = output.Split('\n');
        Assert.Equal("model         huggingfacetb/smollm2-135m-instruct", lines[0]);
        foreach (string line in (string[])["architecture  llama", "for           text", "weights       135M (134,515,008)", "type          Q4_1", "context       8192 tokens",
            "size          93.8 MiB (98,362,432 bytes)", "licence       Apache-2.0", "template      yes"])
            Assert.Contains(line, lines);
    }

    [Fact]
    public async Task Show_FileThatCannotBeRun_TellsTheProblem()
    {
        string broken = Path.Combine(_folder, "broken.gguf");
        await File.WriteAllTextAsync(broken, "no model", TestContext.Current.CancellationToken);

        (int exitCode, string output, _) = await KonkoProcess.RunAsync("models", "show", broken, "--json");

        using JsonDocument row = JsonDocument.Parse(output);
        Assert.Equal(1, exitCode);
        Assert.Contains("it is not a GGUF file", row.RootElement.GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_NoSuchModel_IsAUsageError()
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync("models", "show", "no/such");

        Assert.Equal((2, "", "konko: there is no model 'no/such' here; 'konko models list' shows what there is."), (exitCode, output, error));
    }

    [Fact]
    public async Task Remove_Model_RemovesItsFilesAndNoOthers()
    {
        foreach (string file in (string[])["a-00001-of-00002.gguf", "a-00002-of-00002.gguf", "a-00001-of-00003.gguf", "b.gguf", "c.gguf.part", "c.gguf.part.json", "notes.txt"])
            await File.WriteAllTextAsync(Path.Combine(_folder, file), "x", TestContext.Current.CancellationToken);

        (int exitCode, string output, _) = await KonkoProcess.RunAsync("models", "rm", "a-00002-of-00002.gguf", "--yes", "--models-dir", _folder);
        Assert.Equal((0, "removed a-00001-of-00002.gguf\nremoved a-00002-of-00002.gguf"), (exitCode, output));

        (exitCode, output, _) = await KonkoProcess.RunAsync("models", "rm", "c", "--yes", "--json", "--models-dir", _folder);
        using JsonDocument removed = JsonDocument.Parse(output);
        Assert.Equal((0, 2), (exitCode, removed.RootElement.GetProperty("bytes").GetInt32()));

        Assert.Equal(["a-00001-of-00003.gguf", "b.gguf", "notes.txt"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("notes.txt", "there is no model 'notes.txt' in ")]
    [InlineData("../secret.gguf", "there is no model '../secret.gguf' in ")]
    [InlineData("", "there is no model '' in ")]
    [InlineData("huggingfacetb/smollm2-135m-instruct", "only files of that folder are removed.")]
    public async Task Remove_WhatIsNotInTheFolder_IsRefused(string name, string message)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "notes.txt"), "mine", TestContext.Current.CancellationToken);
        string inner = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        await File.WriteAllTextAsync(Path.Combine(_folder, "secret.gguf"), "mine", TestContext.Current.CancellationToken);

        (int exitCode, _, string error) = await KonkoProcess.RunAsync("models", "rm", name, "--yes", "--models-dir", name == "notes.txt" ? _folder : inner);

        Assert.Equal(2, exitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "notes.txt")) && File.Exists(Path.Combine(_folder, "secret.gguf")) && File.Exists(Repository.SmolLM2));
    }

    [Fact]
    public async Task Remove_NobodyToAsk_NeedsYes()
    {
        File.Copy(Tiny, Path.Combine(_folder, "tiny.gguf"));

        (int exitCode, _, string error) = await KonkoProcess.RunAsync("models", "rm", "tiny", "--models-dir", _folder);

        Assert.Equal((2, "konko: --yes is needed where nobody can be asked."), (exitCode, error));
        Assert.True(File.Exists(Path.Combine(_folder, "tiny.gguf")));
    }

    [Theory]
    [InlineData("models pull gpt2", "konko: MODEL must be ORG/REPO")]
    [InlineData("models pull a/b --as ../x.gguf", "konko: --as must be the name of a file")]
    [InlineData("models pull a/b --as x", "konko: --as must be the name of a file")]
    [InlineData("models", "Required command was not provided.")]
    public async Task Models_AskedInAWrongWay_IsAUsageError(string arguments, string message)
    {
        (int exitCode, _, string error) = await KonkoProcess.RunAsync(arguments.Split(' '));

        Assert.Equal(2, exitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }
}
