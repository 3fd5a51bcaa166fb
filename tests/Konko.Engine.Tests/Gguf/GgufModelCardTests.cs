using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf;

public sealed class GgufModelCardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_TinyModel_SaysWhatTheFileSays()
    {
        using GgufFile file = GgufFile.Open(GgufTestFiles.TinyModel("llama-q4_1"));
        GgufModelCard card = GgufModelCard.Read(file);

        Assert.Equal("llama", card.Architecture);
        Assert.Equal("tiny", card.Name);
        Assert.Equal(GgmlType.Q4_1, card.Quantization);
        Assert.Equal(512u, card.ContextLength);
        Assert.Equal(file.Tensors.Sum(tensor => tensor.Elements), card.ParameterCount);
        Assert.Equal(622_464, card.FileBytes);
        Assert.Null(card.License);
        Assert.Empty(card.Languages);
    }

    [Fact]
    public void Read_FullMetadata_IsTaken()
    {
        GgufWriter writer = SmallGguf.Writer();
        writer.Set("general.name", "N");
        writer.Set("general.organization", "O");
        writer.Set("general.license", "apache-2.0");
        writer.Set("general.license.link", "https://example.org");
        writer.Set("general.description", "D");
        writer.Set("general.size_label", "1M");
        writer.Set("general.languages", ["en", "de"]);
        using GgufFile file = SmallGguf.Open(_folder, writer);
        GgufModelCard card = GgufModelCard.Read(file);

        Assert.Equal("N", card.Name);
        Assert.Equal("O", card.Organization);
        Assert.Equal("apache-2.0", card.License);
        Assert.Equal("https://example.org", card.LicenseLink);
        Assert.Equal("D", card.Description);
        Assert.Equal("1M", card.SizeLabel);
        Assert.Equal(["en", "de"], card.Languages);
        Assert.Equal(80, card.ParameterCount);
        Assert.Equal(GgmlType.F32, card.Quantization);
        Assert.Null(card.ContextLength);
    }

    [Fact]
    public void Read_UnusableValues_AreLeftOut()
    {
        GgufWriter writer = SmallGguf.Writer();
        writer.Set("general.name", 7u);
        writer.Set("general.description", new string('x', 100_000));
        writer.Set("general.organization", "");
        writer.Set("general.languages", [.. Enumerable.Repeat("", 100_000)]);
        using GgufFile file = SmallGguf.Open(_folder, writer);
        GgufModelCard card = GgufModelCard.Read(file);

        Assert.Null(card.Name);
        Assert.Null(card.Description);
        Assert.Null(card.Organization);
        Assert.Empty(card.Languages);
    }
}
