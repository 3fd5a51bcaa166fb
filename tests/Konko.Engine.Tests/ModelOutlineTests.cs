using Konko.Engine.Cache;
using Konko.Engine.Gguf;
using Konko.Engine.Models;

namespace Konko.Engine.Tests;

public sealed class ModelOutlineTests
{
    [Fact]
    public void Read_EveryTinyModel_CountsTheWeightsAsTheyWillLie()
    {
        string[] files = [.. Directory.EnumerateFiles(Repository.Reference("tiny")!, "*.gguf")];
        Assert.NotEmpty(files);
        foreach (string path in files)
        {
            ModelOutline outline = ModelOutline.Read(path);

            using GgufFile file = GgufFile.Open(path);
            using CausalModel model = ModelLoader.Load(file, 1, 64).Model;
            Assert.Equal(((DecoderModel)model).WeightBytes, outline.WeightBytes);
            Assert.False(outline.IsEncoder);
            Assert.Equal(model.KvLayout, outline.KvLayout(new LocalModelOptions()));
            Assert.Equal(model.ContextLength, outline.ContextLength(new LocalModelOptions()));
        }
    }

    [Fact]
    public async Task Read_EmbeddedModel_TellsWhatLoadingItTakes()
    {
        ModelOutline outline = ModelOutline.Read(Repository.SmolLM2);
        var options = new LocalModelOptions { Threads = 2 };

        Assert.NotNull(outline.ChatTemplate);
        Assert.Equal((134_515_008, GgmlType.Q4_1), (outline.Card.ParameterCount, outline.Card.Quantization));
        Assert.InRange(outline.WeightBytes, 90L << 20, 110L << 20);
        Assert.InRange(outline.BufferBytes(options), 10L << 20, 100L << 20);
        Assert.Equal(30 * 3 * 64 * 2 * 2 * KvLayout.PagePositions, outline.KvLayout(options)!.PageBytes);
        await using LocalModel model = await LocalModel.LoadAsync(Repository.SmolLM2, options, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(outline.KvBytes(options) / outline.KvLayout(options)!.PageBytes, model.Scheduler.Statistics.Kv.Limit);
    }

    [Fact]
    public void Read_Encoder_HasNoKeysAndValues()
    {
        ModelOutline outline = ModelOutline.Read(Repository.MiniLM);
        var options = new LocalModelOptions { Threads = 2, ContextLength = 4096, KvBytes = 1 << 30 };

        Assert.True(outline.IsEncoder);
        Assert.Null(outline.KvLayout(options));
        Assert.Equal((512, 0, 0), (outline.ContextLength(options), outline.KvBytes(options), outline.LeastKvBytes(options)));
        Assert.InRange(outline.BufferBytes(options), 5L << 20, 50L << 20);
        using GgufFile file = GgufFile.Open(Repository.MiniLM);
        using EmbeddingModel model = EncoderLoader.Load(file, 1).Model;
        Assert.Equal(((Konko.Engine.Models.Encoders.EncoderModel)model).WeightBytes, outline.WeightBytes);
    }

    [Theory]
    [InlineData(0, 0, 8192, 2048)]
    [InlineData(4096, 0, 4096, 4096)]
    [InlineData(64, 0, 64, 64)]
    [InlineData(99999, 0, 8192, 8192)]
    [InlineData(0, 1 << 20, 8192, -1)]
    public void KvBytes_ContextAndMemoryAskedFor_AreKept(int context, long bytes, int positions, int least)
    {
        ModelOutline outline = ModelOutline.Read(Repository.SmolLM2);
        var options = new LocalModelOptions { ContextLength = context, KvBytes = bytes };
        long position = outline.KvLayout(options)!.PageBytes / KvLayout.PagePositions;

        Assert.Equal(positions, outline.ContextLength(options));
        Assert.Equal(least < 0 ? bytes : least * position, outline.LeastKvBytes(options));
        if (bytes > 0) Assert.Equal(bytes, outline.KvBytes(options));
        else Assert.InRange(outline.KvBytes(options), positions * position, long.MaxValue);
    }

    [Fact]
    public void Read_DamagedHeader_IsRefusedAsLoadingIs()
    {
        string path = Path.GetTempFileName();
        var writer = new GgufWriter();
        writer.Set("general.architecture", "llama");
        using (FileStream stream = File.Create(path)) writer.Write(stream);

        GgufException outlined = Assert.Throws<GgufException>(() => ModelOutline.Read(path));

        using GgufFile file = GgufFile.Open(path);
        Assert.Equal(Assert.Throws<GgufException>(() => ModelLoader.Load(file, 1, 64)).Message, outlined.Message);
        File.Delete(path);
    }

    [Fact]
    public async Task Load_ChatTemplateGiven_TakesThePlaceOfTheFiles()
    {
        string path = Repository.Reference("tiny", "llama.gguf")!;
        await using LocalModel model = await LocalModel.LoadAsync(path, new LocalModelOptions { ChatTemplate = "{{ 'mine' }}" }, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.NotNull(model.ChatTemplate);

        GgufException wrong = await Assert.ThrowsAsync<GgufException>(
            () => LocalModel.LoadAsync(path, new LocalModelOptions { ChatTemplate = "{% if %}" }, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.StartsWith("The chat template that was given in place of the file's: ", wrong.Message, StringComparison.Ordinal);
    }
}
