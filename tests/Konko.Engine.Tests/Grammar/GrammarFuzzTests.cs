using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Konko.Engine.Grammar;
using Konko.Engine.Tests.Grammar.Matching;
using Konko.Engine.Tests.Grammar.Schema;

namespace Konko.Engine.Tests.Grammar;

/// <summary>Damaged and hostile sources: an answer in bounded time, or a refusal that says where, and nothing else.</summary>
public sealed class GrammarFuzzTests
{
    private const long MostAllocated = 1L << 30;

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
        TryHostile(() => CompiledGrammar.OfJsonSchema(document.RootElement), schema);
    }

    public static TheoryData<string> RegexBombs =>
    [
        new string('(', 100_000),
        new string('(', 5_000) + "a" + new string(')', 5_000),
        string.Concat(Enumerable.Repeat("(?:a|", 3_000)) + "b" + new string(')', 3_000),
        "((((a{99}){99}){99}){99}){99}",
        "a{2000000000}",
        "a{0,99999999999999999999}",
        "(a?){5000}a{5000}",
        "(a|b)*a(a|b){400}",
        "(.*a.*b.*c.*d.*e){60}",
        "((a*)*)*((b+)+)+",
        "[" + string.Concat(Enumerable.Range(0, 60_000).Select(i => (char)(0x100 + i * 3 % 50_000))) + "]{300}",
        string.Join("|", Enumerable.Range(0, 30_000).Select(i => $"w{i}x")),
    ];

    [Theory]
    [Trait("Gate", "fuzz")]
    [MemberData(nameof(RegexBombs))]
    public void OfRegex_Bombs_EndSoon(string expression) => TryHostile(() => CompiledGrammar.OfRegex(expression), expression);

    public static TheoryData<string> GbnfBombs =>
    [
        "root ::= root \"a\" | \"a\"",
        "root ::= a\na ::= b\nb ::= c?  a \"x\"\nc ::= \"y\"",
        "root ::= (\"a\"? \"b\"*)* root \"c\" | \"d\"",
        "root ::= root?",
        "root ::= (((\"a\"*)*)*)*",
        "root ::= \"a\"{2000000000}",
        "root ::= (((\"a\"{9999}){9999}){9999}){9999}",
        "root ::= \"a\"{0,99999999999999999999}",
        "root ::= " + new string('(', 50_000) + "\"a\"" + new string(')', 50_000),
        "root ::= r0\n" + string.Concat(Enumerable.Range(0, 8_000).Select(i => $"r{i} ::= r{i + 1} r{i + 1}\n")) + "r8000 ::= \"a\"",
        "root ::= r0\n" + string.Concat(Enumerable.Range(0, 8_000).Select(i => $"r{i} ::= \"a\" r{i + 1} | r{i + 1} \"b\"\n")) + "r8000 ::= \"c\"",
        "root ::= " + string.Join(" | ", Enumerable.Range(0, 15_000).Select(i => $"\"w{i}\"")),
        "root ::= [" + string.Concat(Enumerable.Range(0, 60_000).Select(i => (char)(0x100 + i * 3 % 50_000))) + "]{3000}",
    ];

    [Theory]
    [Trait("Gate", "fuzz")]
    [MemberData(nameof(GbnfBombs))]
    public void OfGbnf_Bombs_EndSoon(string source) => TryHostile(() => CompiledGrammar.OfGbnf(source), source);

    /// <summary>What does compile must be followed in bounded time too: each mask and each token, along the one way or the other.</summary>
    private static void TryHostile(Func<CompiledGrammar> compile, string source)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        CompiledGrammar? compiled = null;
        Try(() => compiled = compile(), source);
        if (compiled is not null)
        {
            Try(() =>
            {
                GrammarState? state = new TokenGrammar(compiled, SmallVocabulary.Instance).Start;
                ulong[] mask = new ulong[SmallVocabulary.Instance.MaskWords];
                for (int i = 0; i < 30 && state is not null; i++)
                {
                    state.WriteMask(mask);
                    int token = Enumerable.Range(0, SmallVocabulary.EndOfText).FirstOrDefault(token => (mask[token >> 6] >> (token & 63) & 1) != 0, -1);
                    state = token < 0 ? null : state.Accept(token);
                }
            }, source);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
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
