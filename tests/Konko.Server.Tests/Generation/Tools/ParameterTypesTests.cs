using System.Text.Json;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Tests.Generation.Tools;

public sealed class ParameterTypesTests
{
    private const string Schema = """
        {"properties":{"text":{"type":"string"},"count":{"type":"integer"},"both":{"type":["string","null"]},"free":{},"odd":true,
        "one":{"enum":["1","2"]},"mixed":{"enum":["1",null]},"fixed":{"const":true},"list":{"type":"array"}}}
        """;

    [Theory]
    [InlineData("text", "5", "\"5\"")]
    [InlineData("text", "true", "\"true\"")]
    [InlineData("count", "5", "5")]
    [InlineData("count", "five", "\"five\"")]
    [InlineData("both", "5", "\"5\"")]
    [InlineData("both", "null", "null")]
    [InlineData("free", "5", "5")]
    [InlineData("odd", "None", "null")]
    [InlineData("unknown", "[1]", "[1]")]
    [InlineData("unknown", "\"x\"", "\"\\\"x\\\"\"")]
    [InlineData("one", "1", "\"1\"")]
    [InlineData("mixed", "1", "\"1\"")]
    [InlineData("mixed", "null", "null")]
    [InlineData("fixed", "True", "true")]
    [InlineData("list", "[1, {\"a\": \"b\"}]", "[1, {\"a\": \"b\"}]")]
    [InlineData("list", "[1", "\"[1\"")]
    public void Of_ValueBetweenTags_IsWhatTheSchemaSays(string parameter, string value, string expected)
    {
        using JsonDocument schema = JsonDocument.Parse(Schema);
        ToolDefinition[] tools = [new ToolDefinition("add", default, schema.RootElement, Strict: false)];
        var parser = new CallParser(ToolDialect.Tagged, new HashSet<string> { "add" }, int.MaxValue, types: (function, name) => ParameterTypes.Of(tools, function, name));
        parser.Append($"<function=add>\n<parameter={parameter}>\n{value}\n</parameter>\n</function>", isSpecial: false);
        parser.Complete();
        var calls = new List<CallPiece>();
        Assert.Equal("", parser.Take(calls));
        Assert.Equal($"{{\"{parameter}\": {expected}}}", string.Concat(calls.Select(call => call.Arguments)));
        Assert.False(parser.Broken);
    }

    [Fact]
    public void Append_TextBetweenTags_ComesAsItIsWritten()
    {
        using JsonDocument schema = JsonDocument.Parse(Schema);
        ToolDefinition[] tools = [new ToolDefinition("add", default, schema.RootElement, Strict: false)];
        var parser = new CallParser(ToolDialect.Tagged, new HashSet<string> { "add" }, int.MaxValue, types: (function, name) => ParameterTypes.Of(tools, function, name));
        var seen = new List<string>();
        foreach (string piece in (string[])["<function=add>\n<parameter=te", "xt>\nHello", ",\n", "\"world\"\n</par", "ameter>\n</func", "tion>"])
        {
            parser.Append(piece, isSpecial: false);
            var calls = new List<CallPiece>();
            parser.Take(calls);
            seen.Add(string.Concat(calls.Select(call => call.Arguments)));
        }

        Assert.Equal(["{", "\"text\": \"Hello", ",", "\\n\\\"world\\\"", "\"", "}"], seen);
    }
}
