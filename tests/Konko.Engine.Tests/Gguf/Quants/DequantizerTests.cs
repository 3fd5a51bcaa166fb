using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quants;

namespace Konko.Engine.Tests.Gguf.Quants;

[Trait("Gate", "reference")]
public sealed class DequantizerTests
{
    public static TheoryData<GgmlType> ReadableQuants()
        => [.. GgmlTypeInfo.Readable.Select(info => info.Type).Where(type => type != GgmlType.F32)];

    [Theory]
    [MemberData(nameof(ReadableQuants))]
    public void Row_RandomBlocks_EqualTheReferenceBitForBit(GgmlType type)
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(GgufTestFiles.Reference("quants.json")));
        JsonElement entry = reference.RootElement.GetProperty(type.ToString());
        GgmlTypeInfo layout = GgmlTypeInfo.Of(type);
        Assert.Equal(entry.GetProperty("block_values").GetInt32(), layout.BlockElements);
        Assert.Equal(entry.GetProperty("block_bytes").GetInt32(), layout.BlockBytes);

        byte[] blocks = entry.GetProperty("raw_base64").GetBytesFromBase64();
        byte[] expectedBytes = entry.GetProperty("float32_base64").GetBytesFromBase64();
        uint[] expected = MemoryMarshal.Cast<byte, uint>(expectedBytes).ToArray();
        float[] values = new float[expected.Length];
        Dequantizer.Row(type, blocks, values);

        Assert.NotEmpty(expected);
        Assert.Equal(expected, values.Select(BitConverter.SingleToUInt32Bits));
    }

    /// <summary>The types that the reference has and Konko does not read.</summary>
    public static TheoryData<string> OtherQuants()
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(GgufTestFiles.Reference("quants.json")));
        return [.. reference.RootElement.EnumerateObject().Select(entry => entry.Name).Except(GgmlTypeInfo.Readable.Select(info => info.Type.ToString()))];
    }

    [Fact]
    public void ReadableQuants_AndOthers_AreAllOfTheReference() => Assert.Equal((15, 9), (ReadableQuants().Count, OtherQuants().Count));

    [Theory]
    [MemberData(nameof(OtherQuants))]
    public void Open_TensorOfAnotherType_IsRefusedByName(string name)
    {
        byte[] bytes = File.ReadAllBytes(GgufTestFiles.TinyModel("llama"));
        GgufField type = new GgufFieldMap(bytes).Fields.Last(field => field.Kind == GgufFieldKind.TensorType);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(type.Offset), (uint)Enum.Parse<GgmlType>(name));
        using var folder = new TemporaryFolder();
        string path = folder.File("other.gguf");
        File.WriteAllBytes(path, bytes);

        GgufException refusal = Assert.Throws<GgufException>(() => GgufFile.Open(path));

        Assert.Contains($"tensor '{type.Owner}': it has type {name}, which Konko does not read; it reads F32, F16, BF16, Q4_0", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(name, Assert.Throws<GgufException>(() => Dequantizer.Row(Enum.Parse<GgmlType>(name), new byte[1024], new float[256])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_F32_CopiesBits()
    {
        float[] values = new float[3];
        Dequantizer.Row(GgmlType.F32, [0, 0, 128, 63, 1, 0, 0, 128, 0, 0, 192, 127], values);

        Assert.Equal([0x3f800000u, 0x80000001u, 0x7fc00000u], values.Select(BitConverter.SingleToUInt32Bits));
    }

    [Theory]
    [InlineData(GgmlType.IQ2_XXS)]
    [InlineData(GgmlType.I32)]
    [InlineData((GgmlType)99)]
    public void Row_OtherType_IsRefusedByName(GgmlType type)
    {
        var e = Assert.Throws<GgufException>(() => Dequantizer.Row(type, new byte[1024], new float[256]));

        Assert.Contains(type == (GgmlType)99 ? "number 99" : type.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Contains("F32, F16, BF16, Q4_0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_LengthsThatDoNotFit_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Dequantizer.Row(GgmlType.Q4_0, new byte[18], new float[31]));
        Assert.Throws<ArgumentException>(() => Dequantizer.Row(GgmlType.Q4_0, new byte[17], new float[32]));
        Assert.Throws<ArgumentException>(() => Dequantizer.Row(GgmlType.Q4_0, new byte[36], new float[32]));
    }
}
