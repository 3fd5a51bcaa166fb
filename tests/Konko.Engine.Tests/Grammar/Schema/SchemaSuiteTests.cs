using System.Text.Json;
using Konko.Engine.Grammar;
using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Tests.Grammar.Schema;

/// <summary>The official test suite: whatever it calls valid is accepted as the language writes it, whatever it calls invalid is refused.</summary>
public sealed class SchemaSuiteTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)];

    private static string Folder => Repository.Reference("json-schema-suite")!;

    [Theory]
    [Trait("Gate", "schemas")]
    [MemberData(nameof(Files))]
    public void Compile_CasesOfTheSuite_AcceptWhatIsValidAndNothingElse(string file)
    {
        var problems = new List<string>();
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
        foreach (JsonElement group in document.RootElement.EnumerateArray())
        {
            string name = $"{file}: {group.GetProperty("description").GetString()}";
            CompiledGrammar grammar;
            try
            {
                grammar = CompiledGrammar.OfJsonSchema(group.GetProperty("schema"));
            }
            catch (GrammarException refusal)
            {
                bool isExpected = refusal.Error == GrammarError.Unsatisfiable
                    ? !group.GetProperty("tests").EnumerateArray().Any(test => test.GetProperty("valid").GetBoolean())
                    : SuiteExceptions.Refused.Contains(name);
                if (!isExpected) problems.Add($"{name}\n    {refusal.Error}: {refusal.Message}");
                continue;
            }

            if (SuiteExceptions.Refused.Contains(name)) problems.Add($"{name}\n    is listed as refused and is not");
            PushdownAutomaton automaton = GrammarText.Automaton(grammar);
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                string test1 = $"{name}: {test.GetProperty("description").GetString()}";
                automaton.BeginWork();
                bool isAccepted = CanonicalJson.IsAccepted(automaton, test.GetProperty("data"));
                if (isAccepted == test.GetProperty("valid").GetBoolean() != SuiteExceptions.Different.Contains(test1)) continue;
                problems.Add($"{test1}\n    accepted: {isAccepted}, {test.GetProperty("data").GetRawText()}");
            }
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    [Fact]
    [Trait("Gate", "schemas")]
    public void Exceptions_OfTheSuite_AreAllInIt()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in Files.Select(row => row.Data))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
            foreach (JsonElement group in document.RootElement.EnumerateArray())
            {
                string name = $"{file}: {group.GetProperty("description").GetString()}";
                names.Add(name);
                foreach (JsonElement test in group.GetProperty("tests").EnumerateArray()) names.Add($"{name}: {test.GetProperty("description").GetString()}");
            }
        }

        Assert.Equal([], SuiteExceptions.Refused.Concat(SuiteExceptions.Different).Except(names));
    }

    /// <summary>Each keyword and format that the documentation calls enforced is in some case that has values for it.</summary>
    [Fact]
    [Trait("Gate", "schemas")]
    public void Suite_EnforcedKeywords_AreAllInIt()
    {
        string[] keywords =
        [
            "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "format",
            "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties", "maxProperties", "dependentRequired", "dependentSchemas",
            "items", "prefixItems", "minItems", "maxItems", "contains", "minContains", "maxContains", "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
            "$ref", "$dynamicRef", "$defs", "$anchor", "$dynamicAnchor", "$id", "unevaluatedProperties", "unevaluatedItems", "definitions", "dependencies", "additionalItems",
        ];
        string[] formats = ["date", "time", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "uuid", "json-pointer", "relative-json-pointer"];
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in Files.Select(row => row.Data))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
            foreach (JsonElement group in document.RootElement.EnumerateArray())
            {
                if (SuiteExceptions.Refused.Contains($"{file}: {group.GetProperty("description").GetString()}")) continue;
                bool[] values = [.. group.GetProperty("tests").EnumerateArray().Select(test => test.GetProperty("valid").GetBoolean()).Distinct()];
                if (values.Length > 0) Collect(group.GetProperty("schema"), found);
            }
        }

        Assert.Equal([], keywords.Concat(formats.Select(format => "format " + format)).Except(found));

        static void Collect(JsonElement element, HashSet<string> found)
        {
            if (element.ValueKind == JsonValueKind.Array) foreach (JsonElement item in element.EnumerateArray()) Collect(item, found);
            if (element.ValueKind != JsonValueKind.Object) return;
            foreach (JsonProperty property in element.EnumerateObject())
            {
                found.Add(property.Name);
                if (property.NameEquals("format") && property.Value.ValueKind == JsonValueKind.String) found.Add("format " + property.Value.GetString());
                Collect(property.Value, found);
            }
        }
    }
}
