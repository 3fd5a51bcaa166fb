using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf;

public sealed class GgufWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Tiny() => [.. GgufTestFiles.Tiny];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Tiny))]
    public void Write_CopyOfAModel_IsTheSameBytes(string name)
    {
        string path = GgufTestFiles.TinyModel(name);
        using GgufFile file = GgufFile.Open(path);
        var writer = new GgufWriter();
        writer.CopyMetadata(file.Metadata);
        foreach (GgufTensor tensor in file.Tensors)
        {
            byte[] data = new byte[tensor.ByteLength];
            file.Read(tensor, data, 0);
            writer.AddTensor(tensor.Name, tensor.Type, tensor.Dimensions, data);
        }

        Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(SmallGguf.ToBytes(writer)));
    }

    [Fact]
    public void Write_ValuesOfEveryType_ReadBackTheSame()
    {
        GgufValue[] values =
        [
            new(GgufValueType.UInt8, 200), new(GgufValueType.Int8, unchecked((ulong)-100)),
            new(GgufValueType.UInt16, 60_000), new(GgufValueType.Int16, unchecked((ulong)-30_000)),
            new(GgufValueType.UInt32, 4_000_000_000), new(GgufValueType.Int32, unchecked((ulong)-2_000_000_000)),
            new(GgufValueType.UInt64, ulong.MaxValue), new(GgufValueType.Int64, 1ul << 63),
            new(GgufValueType.Float32, BitConverter.SingleToUInt32Bits(-1.5f)), new(GgufValueType.Float64, BitConverter.DoubleToUInt64Bits(Math.PI)),
            new(GgufValueType.Bool, 1),
            Array(GgufValueType.UInt8, new byte[] { 1, 200 }), Array(GgufValueType.Int8, new sbyte[] { -1, 2 }),
            Array(GgufValueType.UInt16, new ushort[] { 1, 60_000 }), Array(GgufValueType.Int16, new short[] { -1, 2 }),
            Array(GgufValueType.UInt32, new uint[] { 1, uint.MaxValue }), Array(GgufValueType.Int32, new[] { -1, 2 }),
            Array(GgufValueType.UInt64, new ulong[] { 1, ulong.MaxValue }), Array(GgufValueType.Int64, new long[] { -1, 2 }),
            Array(GgufValueType.Float32, new[] { -1f, 2f }), Array(GgufValueType.Float64, new[] { -1d, 2d }),
            Array(GgufValueType.Bool, new byte[] { 0, 1, 1 }), Array(GgufValueType.Int32, System.Array.Empty<int>()),
        ];
        var writer = new GgufWriter();
        writer.Set("general.architecture", "llama");
        for (int i = 0; i < values.Length; i++) writer.Set($"v{i}", values[i]);
        writer.Set("text", "Ω\0\n");
        writer.Set("texts", ["", "a", "Ġß"]);
        writer.Set("nested", Array(GgufValueType.Array, new[] { values[15], Array(GgufValueType.Array, new[] { values[16], values[22] }) }));
        byte[] bytes = SmallGguf.ToBytes(writer);
        using GgufFile file = SmallGguf.Open(_folder, bytes);

        var copy = new GgufWriter();
        copy.CopyMetadata(file.Metadata);
        Assert.Equal(bytes, SmallGguf.ToBytes(copy));
        for (int i = 0; i < values.Length; i++)
        {
            GgufValue read = file.Metadata.Values[i + 1].Value;
            Assert.Equal(values[i].Type, read.Type);
            Assert.Equal(values[i].Bits, read.Bits);
            Assert.Equal(values[i].ElementType, read.ElementType);
            Assert.Equal(values[i].Data, read.Data);
        }

        Assert.Equal("Ω\0\n", file.Metadata.GetString("text"));
        Assert.Equal(["", "a", "Ġß"], file.Metadata.GetStrings("texts"));
        Assert.Equal([false, true, true], file.Metadata.GetBoolArray("v21"));
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(8u)]
    [InlineData(4096u)]
    public void Write_OwnAlignment_IsKept(uint alignment)
    {
        GgufWriter writer = SmallGguf.Writer();
        writer.Set("general.alignment", alignment);
        using GgufFile file = SmallGguf.Open(_folder, writer);

        Assert.All(file.Tensors, tensor => Assert.Equal(0, tensor.Offset % alignment));
        byte[] data = new byte[68];
        file.Read(file.GetTensor("b"), data, 0);
        Assert.Equal(SmallGguf.Bytes(68, 2), data);
    }

    [Fact]
    public void Write_TensorOfAnotherLength_Throws()
    {
        var writer = new GgufWriter();
        writer.AddTensor("a", GgmlType.F32, [8, 2], new byte[63]);

        Assert.Throws<InvalidOperationException>(() => SmallGguf.ToBytes(writer));
    }

    private static GgufValue Array(GgufValueType type, object elements) => new(GgufValueType.Array, 0, elements, type);
}
