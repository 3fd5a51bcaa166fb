using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Konko.Engine.Grammar;
using Konko.Engine.Tests.Grammar.Schema;

namespace Konko.Engine.Tests.Grammar;

/// <summary>Damaged and hostile sources: an answer in bounded time, or a refusal that says where, and nothing else.</summary>
public sealed class GrammarFuzzTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly string[] s_schemaParts =
    [
        "type", "\"object\"", "\"array\"", "\"string\"", "\"integer\"", "properties", "required", "items", "prefixItems", "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "$ref", "\"#\"", "\"#/$defs/a\"", "$defs",
        "minItems", "maxLength", "minimum", "multipleOf", "1e400", "-1", "0.1", "99999999999999999999", "pattern", "\"^(a+)+$\"", "format", "\"date\"", "enum", "const", "additionalProperties", "patternProperties", "minProperties",
        "null", "true", "false", "{", "}", "[", "]", ":", ",", "\"a\"", "contains", "uniqueItems", "propertyNames", "dependentSchemas", "unevaluatedProperties",
    ];

    [Fact]
    [Trait("Gate", "fuzz")]
    public void OfJsonSchema_DamagedSchemas_AreCompiledOrRefused()
    {
        var random = new Random(4);
        for (int i = 0; i < GateScale.Of(1_500, 100_000); i++)
        {
            string text = RandomSchema.Make(random, 3).Json;
            for (int j = random.Next(4); j > 0; j--)
            {
                int at = random.Next(text.Length), length = random.Next(3) == 0 ? random.Next(Math.Min(12, text.Length - at)) : 0;
                text = text[..at] + s_schemaParts[random.Next(s_schemaParts.Length)] + text[(at + length)..];
            }

            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(text);
            }
            catch (JsonException)
            {
                continue;
            }

            using (document) Try(() => CompiledGrammar.OfJsonSchema(document.RootElement), text);
        }
    }

    [Fact]
    [Trait("Gate", "fuzz")]
    public void OfRegexAndGbnf_DamagedSources_AreCompiledOrRefused()
    {
        const string Letters = "ab(|)[]{}*+?^$\\.-,:=\"0123456789dDwWsSuxpPL<>!#\n r";
        var random = new Random(5);
        for (int i = 0; i < GateScale.Of(6_000, 400_000); i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(24)).Select(_ => Letters[random.Next(Letters.Length)])]);
            Try(() => CompiledGrammar.OfRegex(text), text);
            Try(() => CompiledGrammar.OfGbnf("root ::= " + text), text);
        }
    }

    public static TheoryData<string> Bombs =>
    [
        Nested("{\"allOf\":[{\"anyOf\":[{\"minLength\":1},{\"maxLength\":9},true]},{\"anyOf\":[{\"pattern\":\"a\"},{\"pattern\":\"b\"}]}", "]}", 30),
        Nested("{\"properties\":{\"a\":", "}}", 200),
        "{\"type\":\"array\",\"minItems\":2000000000,\"items\":{\"type\":\"array\",\"minItems\":2000000000,\"items\":{\"minLength\":2000000000,\"type\":\"string\"}}}",
        "{\"$ref\":\"#\"}",
        "{\"anyOf\":[{\"$ref\":\"#\"},{\"type\":\"null\"}]}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}",
        "{\"type\":\"string\",\"pattern\":\"(a|b)*a(a|b){200}\",\"maxLength\":5000}",
        "{\"type\":\"string\",\"pattern\":\"((((a{99}){99}){99}){99}){99}\"}",
        "{\"type\":\"number\",\"multipleOf\":0.000123457,\"minimum\":1e300}",
        "{\"type\":\"number\",\"minimum\":1e999999999}",
        "{\"type\":\"object\",\"patternProperties\":{" + string.Join(",", Enumerable.Range(0, 40).Select(i => $"\"a.*{i}\":{{}}")) + "}}",
        "{\"type\":\"object\",\"maxProperties\":3000,\"properties\":{" + string.Join(",", Enumerable.Range(0, 3500).Select(i => $"\"p{i}\":{{}}")) + "}}",
        "{\"oneOf\":[" + string.Join(",", Enumerable.Range(0, 60).Select(i => $"{{\"properties\":{{\"p{i}\":{{\"type\":\"integer\"}}}}}}")) + "]}",
        "{\"enum\":[" + string.Join(",", Enumerable.Range(0, 3000).Select(i => $"\"value number {i}\"")) + "],\"pattern\":\"7\"}",
        "{\"$defs\":{" + string.Join(",", Enumerable.Range(0, 20).Select(i => $"\"a{i}\":{{\"properties\":{{\"x\":{{\"allOf\":[{{\"$ref\":\"#/$defs/a{(i + 1) % 20}\"}},{{\"$ref\":\"#/$defs/a{(i + 7) % 20}\"}}]}}}}}}")) + "},\"$ref\":\"#/$defs/a0\"}",
    ];

    [Theory]
    [Trait("Gate", "fuzz")]
    [MemberData(nameof(Bombs))]
    public void OfJsonSchema_Bombs_EndSoon(string schema)
    {
        using JsonDocument document = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = 1000 });
        Try(() => CompiledGrammar.OfJsonSchema(document.RootElement), schema);
    }

    private static string Nested(string open, string close, int depth)
    {
        var text = new StringBuilder();
        for (int i = 0; i < depth; i++) text.Append(open).Append(open.EndsWith(':') ? "" : ",");
        text.Append("true");
        for (int i = 0; i < depth; i++) text.Append(close);
        return text.ToString();
    }

    private static void Try(Action compile, string source)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            compile();
        }
        catch (GrammarException refusal)
        {
            Assert.NotEmpty(refusal.Location);
        }
        catch (Exception other)
        {
            Assert.Fail($"{other.GetType().Name}: {other.Message}\n{source}\n{other.StackTrace}");
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, $"It takes too long:\n{source}");
    }
}
