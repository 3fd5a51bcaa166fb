using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf;

public sealed class GgufMetadataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Get_MissingKey_IsRefusedByName()
    {
        using GgufFile file = Open(_ => { });

        Assert.Equal(
            "small.gguf: key 'llama.context_length': it is missing, an integer is needed.",
            Assert.Throws<GgufException>(() => file.Metadata.GetUInt32(file.Metadata.Key("context_length"))).Message);
    }

    [Fact]
    public void Find_MissingKey_IsNull()
    {
        using GgufFile file = Open(_ => { });
        GgufMetadata metadata = file.Metadata;

        Assert.Null(metadata.FindString("x"));
        Assert.Null(metadata.FindUInt32("x"));
        Assert.Null(metadata.FindInt32("x"));
        Assert.Null(metadata.FindInt64("x"));
        Assert.Null(metadata.FindFloat("x"));
        Assert.Null(metadata.FindBool("x"));
        Assert.Null(metadata.FindStrings("x"));
        Assert.Null(metadata.FindInt32Array("x"));
        Assert.Null(metadata.FindBoolArray("x"));
        Assert.Null(metadata.TypeOf("x"));
        Assert.Null(metadata.ElementTypeOf("x"));
        Assert.False(metadata.Contains("x"));
    }

    [Fact]
    public void Get_OtherType_IsRefusedByName()
    {
        using GgufFile file = Open(writer => writer.Set("x", "text"));
        GgufMetadata metadata = file.Metadata;

        Action[] reads =
        [
            () => metadata.GetUInt32("x"), () => metadata.GetInt32("x"), () => metadata.GetInt64("x"), () => metadata.GetFloat("x"),
            () => metadata.GetBool("x"), () => metadata.GetStrings("x"), () => metadata.GetInt32Array("x"), () => metadata.GetBoolArray("x"),
            () => metadata.GetArray<byte>("x"), () => metadata.GetString("general.alignment"),
        ];
        Assert.All(reads, read => Assert.Matches("^small.gguf: key '(x|general.alignment)': it is (String|UInt32) and must be an? ", Assert.Throws<GgufException>(read).Message));
    }

    [Theory]
    [InlineData((int)GgufValueType.UInt8, 255ul)]
    [InlineData((int)GgufValueType.Int16, 32_767ul)]
    [InlineData((int)GgufValueType.UInt64, 2_147_483_647ul)]
    [InlineData((int)GgufValueType.Int64, 2_147_483_647ul)]
    public void GetInteger_AnyWidthThatFits_IsRead(int type, ulong value)
    {
        using GgufFile file = Open(writer => writer.Set("x", new GgufValue((GgufValueType)type, value)));

        Assert.Equal(value, file.Metadata.GetUInt32("x"));
        Assert.Equal((long)value, file.Metadata.GetInt32("x"));
        Assert.Equal((long)value, file.Metadata.GetInt64("x"));
    }

    [Fact]
    public void GetInteger_OutOfRange_IsRefusedWithTheNumber()
    {
        using GgufFile file = Open(writer =>
        {
            writer.Set("negative", -1);
            writer.Set("large", new GgufValue(GgufValueType.UInt64, ulong.MaxValue));
        });

        Assert.Equal("small.gguf: key 'negative': -1 is not within 0 … 4294967295.", Assert.Throws<GgufException>(() => file.Metadata.GetUInt32("negative")).Message);
        Assert.Contains("18446744073709551615", Assert.Throws<GgufException>(() => file.Metadata.GetInt64("large")).Message, StringComparison.Ordinal);
        Assert.Equal(-1, file.Metadata.GetInt32("negative"));
    }

    [Fact]
    public void GetFloat_NotFinite_IsRefused()
    {
        using GgufFile file = Open(writer =>
        {
            writer.Set("nan", float.NaN);
            writer.Set("double", new GgufValue(GgufValueType.Float64, BitConverter.DoubleToUInt64Bits(1e300)));
            writer.Set("fine", new GgufValue(GgufValueType.Float64, BitConverter.DoubleToUInt64Bits(0.1)));
        });

        Assert.Throws<GgufException>(() => file.Metadata.GetFloat("nan"));
        Assert.Throws<GgufException>(() => file.Metadata.GetFloat("double"));
        Assert.Equal(0.1f, file.Metadata.GetFloat("fine"));
    }

    [Fact]
    public void GetString_NotUtf8_HasReplacementCharactersAndItsBytesAreKept()
    {
        byte[] bytes = [(byte)'a', 0xff, 0xe2, 0x82, (byte)'b', 0xed, 0xa0, 0x80];
        using GgufFile file = Open(writer =>
        {
            writer.Set("x", new GgufValue(GgufValueType.String, 0, bytes));
            writer.Set("y", new GgufValue(GgufValueType.Array, 0, new GgufStringArray(bytes, [0, 4, 4, 8]), GgufValueType.String));
        });

        // One for 0xff, one for the cut three-byte character, three for the surrogate that UTF-8 must not hold.
        Assert.Equal("a\ufffd\ufffdb\ufffd\ufffd\ufffd", file.Metadata.GetString("x"));
        GgufStringArray strings = file.Metadata.GetStrings("y");
        Assert.Equal(bytes[..4], strings.Bytes(0).ToArray());
        Assert.Equal(["a\ufffd\ufffd", "", "b\ufffd\ufffd\ufffd"], strings);
    }

    [Fact]
    public void GetString_LongerThanAllowed_IsRefused()
    {
        using GgufFile file = Open(writer => writer.Set("x", new string('a', GgufLimits.DecodedStringBytes + 1)));

        Assert.Contains("key 'x': a string of 1048577 bytes is longer than", Assert.Throws<GgufException>(() => file.Metadata.GetString("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetArray_SameWidthOtherSign_IsRefused()
    {
        using GgufFile file = Open(writer => writer.Set("x", [1, -2]));

        Assert.Throws<GgufException>(() => file.Metadata.GetArray<uint>("x"));
        Assert.Equal([1, -2], file.Metadata.GetArray<int>("x").ToArray());
        Assert.Equal(GgufValueType.Int32, file.Metadata.ElementTypeOf("x"));
    }

    [Fact]
    public void GetInt32Array_AnyWidth_IsConvertedOrRefusedByName()
    {
        using GgufFile file = Open(writer =>
        {
            writer.Set("u8", new GgufValue(GgufValueType.Array, 0, new byte[] { 1, 255 }, GgufValueType.UInt8));
            writer.Set("i64", new GgufValue(GgufValueType.Array, 0, new long[] { -1, 5 }, GgufValueType.Int64));
            writer.Set("u32", new GgufValue(GgufValueType.Array, 0, new uint[] { 1, uint.MaxValue }, GgufValueType.UInt32));
            writer.Set("f32", [1f]);
        });

        Assert.Equal([1, 255], file.Metadata.GetInt32Array("u8"));
        Assert.Equal([-1, 5], file.Metadata.GetInt32Array("i64"));
        Assert.Contains("key 'u32': 4294967295", Assert.Throws<GgufException>(() => file.Metadata.GetInt32Array("u32")).Message, StringComparison.Ordinal);
        Assert.Contains("array of Float32", Assert.Throws<GgufException>(() => file.Metadata.GetInt32Array("f32")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ArchitectureMissingOrTooLong_IsRefused()
    {
        GgufWriter writer = SmallGguf.Writer();
        writer.Remove("general.architecture");
        Assert.Contains("key 'general.architecture': it is missing", SmallGguf.Refusal(_folder, writer), StringComparison.Ordinal);

        writer.Set("general.architecture", new string('a', 65));
        Assert.Contains("key 'general.architecture': it is longer", SmallGguf.Refusal(_folder, writer), StringComparison.Ordinal);

        writer.Set("general.architecture", 1u);
        Assert.Contains("key 'general.architecture': it is UInt32", SmallGguf.Refusal(_folder, writer), StringComparison.Ordinal);
    }

    private GgufFile Open(Action<GgufWriter> set)
    {
        GgufWriter writer = SmallGguf.Writer();
        writer.Set("general.alignment", 32u);
        set(writer);
        return SmallGguf.Open(_folder, writer);
    }
}
