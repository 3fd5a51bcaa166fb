using System.Buffers.Binary;
using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf;

public sealed class GgufBeginningTests
{
    [Theory]
    [InlineData("llama-q8_0")]
    [InlineData("llama-bf16")]
    public void Read_BeginningThatGrowsAsAsked_EndsInTheOutlineOfTheFile(string name)
    {
        byte[] bytes = File.ReadAllBytes(GgufTestFiles.TinyModel(name));
        ModelOutline? outline = null;
        int length = 0, tries = 0;
        while (outline is null)
        {
            try
            {
                outline = ModelOutline.Read([new GgufBeginning("m.gguf", bytes.Length, bytes.AsMemory(0, length))]);
            }
            catch (GgufBeginningException exception)
            {
                Assert.Equal("m.gguf", exception.Name);
                Assert.InRange(exception.Needed, length + 1, bytes.Length);
                length = (int)exception.Needed;
                tries++;
            }
        }

        ModelOutline whole = ModelOutline.Read(GgufTestFiles.TinyModel(name));
        Assert.Equal(whole.Card with { Languages = outline.Card.Languages }, outline.Card);
        Assert.Equal((whole.WeightBytes, whole.ChatTemplate), (outline.WeightBytes, outline.ChatTemplate));
        Assert.InRange(tries, 10, 100_000);
        // The weights themselves are never asked for.
        Assert.True(length < bytes.Length / 2, $"{length} of {bytes.Length} bytes were needed.");
    }

    [Fact]
    public void Read_StringOfAGigabyteThatIsNotHere_IsAskedForAndNotAllocated()
    {
        byte[] bytes = new byte[64];
        "GGUF"u8.CopyTo(bytes);
        bytes[4] = 3;
        bytes[16] = bytes[24] = 1;
        bytes[32] = (byte)'a';
        bytes[33] = (byte)GgufValueType.String;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(37), 1 << 30);
        long before = GC.GetAllocatedBytesForCurrentThread();

        GgufBeginningException exception = Assert.Throws<GgufBeginningException>(() => ModelOutline.Read([new GgufBeginning("m.gguf", 1L << 40, bytes)]));

        Assert.Equal(45 + (1L << 30), exception.Needed);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Read_VocabularyThatIsNone_IsRefused()
    {
        byte[] bytes = File.ReadAllBytes(GgufTestFiles.TinyModel("llama"));
        int at = bytes.AsSpan().IndexOf("tokenizer.ggml.model"u8);
        at += bytes.AsSpan(at).IndexOf("gpt2"u8);
        "gptX"u8.CopyTo(bytes.AsSpan(at));

        Assert.Contains("tokenizer.ggml.model", Assert.Throws<GgufException>(() => ModelOutline.Read([new GgufBeginning("m.gguf", bytes.Length, bytes)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FurtherFileOfASplitModelNotGiven_IsMissing()
    {
        var writer = new GgufWriter();
        writer.Set("general.architecture", "llama");
        writer.Set("split.no", 0u);
        writer.Set("split.count", 2u);
        byte[] bytes = SmallGguf.ToBytes(writer);

        Assert.Equal("m-00002-of-00002.gguf: the file is missing.",
            Assert.Throws<GgufException>(() => ModelOutline.Read([new GgufBeginning("m-00001-of-00002.gguf", bytes.Length, bytes)])).Message);
    }
}
