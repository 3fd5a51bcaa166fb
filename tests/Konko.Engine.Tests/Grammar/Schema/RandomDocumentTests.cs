using System.Text;
using System.Text.Json;
using Json.Schema;
using Konko.Engine.Grammar;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Tests.Grammar.Matching;

namespace Konko.Engine.Tests.Grammar.Schema;

/// <summary>Random schemas, followed from both sides: valid documents are accepted, and whatever the masks lead to is valid.</summary>
public sealed class RandomDocumentTests
{
    private const int DocumentsOfASchema = 10;

    [Fact]
    [Trait("Gate", "schemas")]
    public void Accept_ValidDocuments_RefusesNone()
    {
        int count = GateScale.Of(1_000, 10_000), refused = 0;
        var random = new Random(1);
        for (int i = 0; i < count / DocumentsOfASchema; i++)
        {
            RandomSchema schema = RandomSchema.Make(random, 4);
            PushdownAutomaton automaton = GrammarText.Automaton(GrammarText.Schema(schema.Json));
            JsonSchema validator = JsonSchema.FromText(schema.Json);
            for (int j = 0; j < DocumentsOfASchema; j++)
            {
                string document = schema.Document(random);
                Assert.True(IsValid(validator, document), $"The generator is wrong:\n{schema.Json}\n{document}");
                automaton.BeginWork();
                if (GrammarText.Accepts(automaton, Encoding.UTF8.GetBytes(document))) continue;
                refused++;
                TestContext.Current.TestOutputHelper?.WriteLine($"refused:\n{schema.Json}\n{document}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} valid documents, {refused} refused");
        Assert.Equal(0, refused);
    }

    [Fact]
    [Trait("Gate", "schemas")]
    public void Mask_RandomWalks_EndInValidDocuments()
    {
        int count = GateScale.Of(1_000, 10_000), beyond = 0;
        var random = new Random(2);
        for (int i = 0; i < count / DocumentsOfASchema; i++)
        {
            RandomSchema schema = RandomSchema.Make(random, 4);
            var grammar = new TokenGrammar(GrammarText.Schema(schema.Json), SmallVocabulary.Instance);
            // The validator's addresses are narrower than those of RFC 5321 and RFC 3986: it asks for a dot in a domain, and
            // for what the runtime takes for a host. The official suite judges these two.
            JsonSchema validator = JsonSchema.FromText(
                schema.Json.Replace("\"email\"", "\"any\"", StringComparison.Ordinal).Replace("\"uri\"", "\"any\"", StringComparison.Ordinal));
            for (int j = 0; j < DocumentsOfASchema; j++)
            {
                string document = RandomWalk.Take(grammar, random, random.Next(1, 60));
                if (IsBeyond(document))
                {
                    // The validator's arithmetic ends at 29 digits, and it counts what looks like one character as one, where
                    // JSON Schema counts code points; another walk takes this one's place.
                    beyond++;
                    j--;
                    continue;
                }

                Assert.True(IsValid(validator, document), $"{schema.Json}\n{document}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} random walks, all valid; {beyond} more had what the validator cannot judge");
        Assert.InRange(beyond, 0, count);
    }

    private static bool IsBeyond(string document)
    {
        if (new System.Globalization.StringInfo(document).LengthInTextElements != document.EnumerateRunes().Count()) return true;
        using JsonDocument parsed = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 500 });
        return HasGreatNumber(parsed.RootElement);

        static bool HasGreatNumber(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().Any(HasGreatNumber),
            JsonValueKind.Object => value.EnumerateObject().Any(member => HasGreatNumber(member.Value)),
            JsonValueKind.Number => !value.TryGetDecimal(out _),
            _ => false,
        };
    }

    private static bool IsValid(JsonSchema validator, string document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 500 });
        return validator.Evaluate(parsed.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.Flag, RequireFormatValidation = true }).IsValid;
    }
}
