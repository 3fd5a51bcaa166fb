using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Konko.Protocol.Tests;

public sealed class WireEncoderTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("<a href='x'>&+</a>", "<a href='x'>&+</a>")]
    [InlineData("naïve 日本 🙂", "naïve 日本 🙂")]
    [InlineData("\u2028\u2029\u0085\ufeff\ue000\u0378\U000E0001", "\u2028\u2029\u0085\ufeff\ue000\u0378\U000E0001")]
    [InlineData("\"\\\n\r\t\b\f/", "\\\"\\\\\\n\\r\\t\\b\\f/")]
    [InlineData("\0\u001f\u007f", "\\u0000\\u001f\u007f")]
    public void Write_Text_EscapesOnlyWhatJsonDemands(string text, string escaped) => Assert.Equal($"\"{escaped}\"", Written(writer => writer.WriteStringValue(text)));

    [Fact]
    public void Write_EveryCharacter_ReadsBackAsItself()
    {
        var text = new StringBuilder();
        for (int c = 0; c < 0x30000; c++)
            if (Rune.IsValid(c)) text.Append(new Rune(c));
        string json = Written(writer => writer.WriteStringValue(text.ToString()));
        Assert.Equal(text.ToString(), JsonDocument.Parse(json).RootElement.GetString());
        Assert.Equal(json, Written(writer => writer.WriteStringValue(Encoding.UTF8.GetBytes(text.ToString()))));
    }

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, WireJson.Writer)) write(writer);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
