using System.Buffers.Binary;
using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf;

public sealed class GgufHostileFileTests : IDisposable
{
    private const int Slack = 64 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_CutAtAnyByte_IsRefused()
    {
        GgufWriter writer = SmallGguf.Writer();
        writer.Set("texts", ["a", "", "bc"]);
        writer.Set("numbers", [1, 2, 3]);
        writer.Set("flag", true);
        byte[] bytes = SmallGguf.ToBytes(writer);
        long end;
        using (GgufFile file = SmallGguf.Open(_folder, bytes)) end = file.Tensors.Max(tensor => tensor.Offset + tensor.ByteLength);

        for (int length = 0; length < end; length++)
        {
            string message = SmallGguf.Refusal(_folder, bytes[..length]);
            Assert.Matches(@"^small\.gguf: .+ \(at byte [0-9]+\)\.$", message);
        }

        SmallGguf.Open(_folder, bytes[..(int)end]).Dispose();
    }

    [Theory]
    [InlineData(0, 0x67676a74u, "older GGML file")]
    [InlineData(0, 0x04034b50u, "not a GGUF file")]
    [InlineData(4, 0u, "version 0")]
    [InlineData(4, 1u, "version 1,")]
    [InlineData(4, 4u, "version 4,")]
    [InlineData(4, 0x03000000u, "big-endian")]
    [InlineData(4, 0x02000000u, "big-endian")]
    public void Open_OtherFormats_AreRefusedByName(int offset, uint value, string expected)
    {
        byte[] bytes = SmallGguf.ToBytes(SmallGguf.Writer());
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

        Assert.Contains(expected, SmallGguf.Refusal(_folder, bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Version2_IsRead()
    {
        byte[] bytes = SmallGguf.ToBytes(SmallGguf.Writer());
        bytes[4] = 2;
        using GgufFile file = SmallGguf.Open(_folder, bytes);

        Assert.Equal(2u, file.Version);
    }

    [Fact]
    public void Open_NoFile_IsRefused()
    {
        Assert.StartsWith("none.gguf: the file cannot be opened", Assert.Throws<GgufException>(() => GgufFile.Open(_folder.File("none.gguf"))).Message, StringComparison.Ordinal);
        Assert.Throws<GgufException>(() => GgufFile.Open(Path.GetTempPath()));
    }

    [Fact]
    public void Read_FileCutAfterOpening_IsRefused()
    {
        using GgufFile file = SmallGguf.Open(_folder, SmallGguf.Writer());
        byte[] bytes = File.ReadAllBytes(file.Path);
        // Writing over the file keeps the one that is open, as another program's truncation would.
        using (FileStream stream = new(file.Path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Share = FileShare.ReadWrite })) stream.SetLength(bytes.Length / 2);

        Assert.Contains("tensor 'b': the file was cut", Assert.Throws<GgufException>(() => file.Read(file.GetTensor("b"), new byte[68], 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OutsideOfTheTensor_Throws()
    {
        using GgufFile file = SmallGguf.Open(_folder, SmallGguf.Writer());
        GgufTensor tensor = file.GetTensor("a");

        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(tensor, new byte[64], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(tensor, new byte[1], -1));
    }

    [Theory]
    [InlineData(GgufFieldKind.DimensionCount, "a", 0, 5ul, "5 dimensions")]
    [InlineData(GgufFieldKind.DimensionCount, "a", 0, 0ul, "0 dimensions")]
    [InlineData(GgufFieldKind.Dimension, "a", 0, 0ul, "dimension 0 is 0")]
    [InlineData(GgufFieldKind.Dimension, "a", 1, 1ul << 62, "the product of its dimensions overflows")]
    [InlineData(GgufFieldKind.Dimension, "a", 1, 1ul << 50, "run past the end of the file")]
    [InlineData(GgufFieldKind.Dimension, "b", 0, 65ul, "not whole blocks of 32, the block of Q8_0")]
    [InlineData(GgufFieldKind.Dimension, "a", 1, 3ul, "overlaps with tensor 'a'")]
    [InlineData(GgufFieldKind.Dimension, "b", 0, 128ul, "its 136 bytes run past the end of the file")]
    [InlineData(GgufFieldKind.TensorType, "a", 0, 16ul, "it has type IQ2_XXS, which Konko does not read; it reads F32, F16,")]
    [InlineData(GgufFieldKind.TensorType, "a", 0, 4ul, "it has type number 4, which")]
    [InlineData(GgufFieldKind.TensorType, "a", 0, 0xffff_fffful, "it has type number 4294967295, which")]
    [InlineData(GgufFieldKind.TensorOffset, "b", 0, 65ul, "its offset 65 is not a multiple of the alignment 32")]
    [InlineData(GgufFieldKind.TensorOffset, "b", 0, 0ul, "overlaps with tensor")]
    [InlineData(GgufFieldKind.TensorOffset, "b", 0, 192ul, "its 68 bytes run past the end of the file")]
    [InlineData(GgufFieldKind.TensorOffset, "b", 0, ulong.MaxValue - 31, "run past the end of the file")]
    [InlineData(GgufFieldKind.Text, "b", 0, (ulong)'a', "the name is there twice")]
    [InlineData(GgufFieldKind.Length, "b", 0, 65ul, "a string of 65 bytes is longer than the 64 allowed")]
    [InlineData(GgufFieldKind.Length, "b", 0, ulong.MaxValue, "runs past the end of the file")]
    [InlineData(GgufFieldKind.Count, "header", 0, ulong.MaxValue, "18446744073709551615 tensors do not fit")]
    [InlineData(GgufFieldKind.Count, "header", 1, 1ul << 40, "1099511627776 metadata keys do not fit")]
    [InlineData(GgufFieldKind.ValueType, "flag", 0, 13ul, "13 is not a type of metadata")]
    [InlineData(GgufFieldKind.Bool, "flag", 0, 2ul, "a bool is 0 or 1, not 2")]
    [InlineData(GgufFieldKind.Elements, "flags", 0, 0x0200ul, "a bool is 0 or 1, not 2")]
    [InlineData(GgufFieldKind.Integer, "general.alignment", 0, 24ul, "24 is not a power of two")]
    [InlineData(GgufFieldKind.Integer, "general.alignment", 0, 0ul, "0 is not a power of two")]
    [InlineData(GgufFieldKind.Integer, "general.alignment", 0, 1ul << 31, "2147483648 is not a power of two up to")]
    [InlineData(GgufFieldKind.Count, "texts", 0, 1ul << 60, "1152921504606846976 strings do not fit")]
    [InlineData(GgufFieldKind.Length, "texts", 1, 1ul << 60, "a string of 1152921504606846976 bytes runs past")]
    public void Open_OneFieldBent_IsRefusedWithItsReason(GgufFieldKind kind, string owner, int index, ulong value, string expected)
    {
        GgufWriter writer = SmallGguf.Writer();
        writer.Set("general.alignment", 32u);
        writer.Set("flag", true);
        writer.Set("flags", new GgufValue(GgufValueType.Array, 0, new byte[] { 0, 1 }, GgufValueType.Bool));
        writer.Set("texts", ["one", "two"]);
        byte[] bytes = SmallGguf.ToBytes(writer);
        // A tensor's or key's own length and name stand before it is known whose they are.
        GgufField[] fields = [.. new GgufFieldMap(bytes).Fields.Where(field => field.Kind == kind)];
        GgufField field = kind is GgufFieldKind.Text or GgufFieldKind.Length && owner == "b"
            ? fields[^1]
            : fields.Where(field => field.Owner == owner).ElementAt(index);
        for (int i = 0; i < Math.Min(field.Length, 8); i++) bytes[field.Offset + i] = (byte)(value >> (8 * i));

        Assert.Contains(expected, SmallGguf.Refusal(_folder, bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the name is empty")]
    [InlineData("a\nb", "control characters")]
    public void Open_BadKeys_AreRefused(string key, string expected)
    {
        GgufWriter writer = SmallGguf.Writer();
        writer.Set(key, 1u);

        Assert.Contains(expected, SmallGguf.Refusal(_folder, writer), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MillionsOfEmptyStrings_StayWithinTheFilesSize()
    {
        var strings = new GgufStringArray([], new int[4_000_001]);
        GgufWriter writer = SmallGguf.Writer();
        writer.Set("texts", new GgufValue(GgufValueType.Array, 0, strings, GgufValueType.String));

        Assert.Equal(4_000_000, Measured(writer, file => file.Metadata.GetStrings("texts").Count));
    }

    [Fact]
    public void Open_AsManyKeysTensorsAndNestedArraysAsAllowed_StaysWithinTheFilesSize()
    {
        var writer = new GgufWriter();
        writer.Set("general.architecture", "llama");
        GgufValue[] empty = new GgufValue[GgufLimits.NestedArrays];
        Array.Fill(empty, new GgufValue(GgufValueType.Array, 0, new GgufStringArray([], [0]), GgufValueType.String));
        writer.Set("nested", new GgufValue(GgufValueType.Array, 0, empty, GgufValueType.Array));
        for (int i = 2; i < GgufLimits.Keys; i++) writer.Set($"k{i}", "");
        for (int i = 0; i < GgufLimits.Tensors; i++) writer.AddTensor($"t{i}", GgmlType.F32, [1, 1, 1, 1], new byte[4]);
        writer.Set("general.alignment", 4u);
        Assert.Contains("32769 metadata keys are more than the 32768 allowed", SmallGguf.Refusal(_folder, writer), StringComparison.Ordinal);

        writer.Remove("k2");
        Assert.Equal(GgufLimits.Tensors, Measured(writer, file => file.Tensors.Count));

        writer.AddTensor("one too many", GgmlType.F32, [1], new byte[4]);
        Assert.Contains("65537 tensors are more than the 65536 allowed", SmallGguf.Refusal(_folder, writer), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DeepOrManyNestedArrays_AreRefused()
    {
        var value = new GgufValue(GgufValueType.Array, 0, new[] { 1 }, GgufValueType.Int32);
        for (int i = 1; i < GgufLimits.ArrayDepth; i++) value = new GgufValue(GgufValueType.Array, 0, new[] { value }, GgufValueType.Array);
        GgufWriter writer = SmallGguf.Writer();
        writer.Set("deep", value);
        SmallGguf.Open(_folder, writer).Dispose();

        writer.Set("deep", new GgufValue(GgufValueType.Array, 0, new[] { value }, GgufValueType.Array));
        Assert.Contains("key 'deep': arrays nest deeper than 4", SmallGguf.Refusal(_folder, writer), StringComparison.Ordinal);

        GgufValue[] many = new GgufValue[GgufLimits.NestedArrays + 1];
        Array.Fill(many, new GgufValue(GgufValueType.Array, 0, Array.Empty<int>(), GgufValueType.Int32));
        writer.Set("deep", new GgufValue(GgufValueType.Array, 0, many, GgufValueType.Array));
        Assert.Contains("65537 arrays within arrays are more than the 65536 allowed", SmallGguf.Refusal(_folder, writer), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DeclaredGigabytesInASmallFile_AllocatesNothingForThem()
    {
        byte[] head = SmallGguf.ToBytes(SmallGguf.Writer());
        foreach (uint type in new uint[] { 0, 5, 8, 9, 10, 12 })
        {
            byte[] bytes = [.. head[..8], .. UInt64(0), .. UInt64(1), .. UInt64(1), (byte)'x', .. UInt64(9)[..4], .. UInt64(type)[..4], .. UInt64(1 << 30), .. new byte[64]];
            File.WriteAllBytes(_folder.File("small.gguf"), bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<GgufException>(() => GgufFile.Open(_folder.File("small.gguf")));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    private static byte[] UInt64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    private int Measured(GgufWriter writer, Func<GgufFile, int> count)
    {
        byte[] bytes = SmallGguf.ToBytes(writer);
        File.WriteAllBytes(_folder.File("small.gguf"), bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using GgufFile file = GgufFile.Open(_folder.File("small.gguf"));
        GgufModelCard.Read(file);
        new GgufFingerprint(file).Complete();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes.Length + Slack);
        return count(file);
    }
}
