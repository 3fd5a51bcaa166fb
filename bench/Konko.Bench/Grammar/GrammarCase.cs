using System.Text.Json;
using Konko.Engine.Grammar;

namespace Konko.Bench.Grammar;

/// <summary>A grammar and texts that satisfy it.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Compile">Compiles it, from its source.</param>
/// <param name="Documents">The texts.</param>
internal sealed record GrammarCase(string Name, Func<CompiledGrammar> Compile, params string[] Documents)
{
    private static readonly string s_countries = string.Join(",", Enumerable.Range(0, 250).Select(i => $"\"{(char)('A' + i / 26 * 2)}{(char)('A' + i % 26)}\""));

    private static readonly string s_functions = string.Join(",", Enumerable.Range(0, 200).Select(i => $"\"{Word(i)}.{Word(i * 7 + 3)}_{Word(i * 13 + 5)}\""));

    /// <summary>What is asked for every day, and what is hard.</summary>
    public static IReadOnlyList<GrammarCase> All { get; } =
    [
        Schema("person", """
            {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0,"maximum":150},"email":{"type":"string","format":"email"},
            "tags":{"type":"array","items":{"type":"string"}},"address":{"type":"object","properties":{"street":{"type":"string","maxLength":60},"zip":{"type":"string","pattern":"^[0-9]{5}$"},
            "country":{"enum":["DE","FR","IT","US"]}},"required":["street","country"],"additionalProperties":false}},"required":["name","age"],"additionalProperties":false}
            """,
            """{"name": "Ada Lovelace, née Byron", "age": 36, "email": "ada@engines.example.org", "tags": ["mathematics", "poetry", "first programmer"], "address": {"street": "12 St. James's Square", "zip": "12345", "country": "FR"}}"""),
        Schema("tree", """
            {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"label":{"type":"string"},"value":{"type":["number","null"]},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}},"required":["label"]}}}
            """,
            """{"label": "root", "value": 1.5, "children": [{"label": "The quick brown fox jumps over the lazy dog", "value": null, "children": [{"label": "x", "extra": {"free": [1, 2, "three"]}}]}, {"label": "Grüße aus 東京 😀", "children": []}]}"""),
        Schema("events", """
            {"type":"array","maxItems":100,"items":{"oneOf":[
            {"type":"object","properties":{"kind":{"const":"message"},"at":{"type":"string","format":"date-time"},"text":{"type":"string","minLength":1,"maxLength":280}},"required":["kind","at","text"],"additionalProperties":false},
            {"type":"object","properties":{"kind":{"const":"payment"},"id":{"type":"string","format":"uuid"},"amount":{"type":"number","minimum":0.01,"maximum":99999.99},"currency":{"type":"string","pattern":"^[A-Z]{3}$"}},"required":["kind","id","amount"]}]}}
            """,
            """[{"kind": "message", "at": "2024-02-29T12:34:56Z", "text": "Please send the invoice for the order of last week; it has not come yet."}, {"kind": "payment", "id": "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "amount": 1234.56, "currency": "EUR"}]"""),
        Schema("patterns", """
            {"type":"object","properties":{"login":{"type":"string","pattern":"^[a-z][a-z0-9_]{2,29}$"},"name":{"type":"string","pattern":"^[A-Za-z '-]{1,60}$"},"phone":{"type":"string","pattern":"^\\+?[0-9 ()-]{7,20}$"},
            "slug":{"type":"string","pattern":"^[a-z0-9]+(-[a-z0-9]+)*$","maxLength":80},"colour":{"type":"string","pattern":"^#[0-9a-f]{6}$"},"bio":{"type":"string","pattern":"^[^<>]*$","maxLength":300},
            "site":{"type":"string","format":"uri"},"sentence":{"type":"string","pattern":"^[A-Z].*[.!?]$"}},
            "required":["login","name","phone","slug","colour","bio","site","sentence"],"additionalProperties":false}
            """,
            """{"login": "ada_lovelace1815", "name": "Augusta Ada King-Noel Countess", "phone": "+44 (20) 7946-0018", "slug": "the-first-programmer-of-an-engine", "colour": "#0fa3b1", "bio": "She wrote the first algorithm meant for a machine, a century before there was one.", "site": "https://example.org/people/ada?lang=en#life", "sentence": "The engine weaves algebraic patterns."}"""),
        Schema("enums", $$"""
            {"type":"array","items":{"type":"object","properties":{"country":{"enum":[{{s_countries}}]},"function":{"enum":[{{s_functions}}]},"level":{"type":"integer","minimum":1,"maximum":10},"note":{"type":["string","null"]}
            },"required":["country","function"],"additionalProperties":false}
            }
            """,
            $$$"""[{"country": "AB", "function": "{{{Word(17)}}}.{{{Word(17 * 7 + 3)}}}_{{{Word(17 * 13 + 5)}}}", "level": 7, "note": null}, {"country": "GC", "function": "{{{Word(111)}}}.{{{Word(111 * 7 + 3)}}}_{{{Word(111 * 13 + 5)}}}"}]"""),
        new("any object", () => CompiledGrammar.JsonObject,
            """{"title": "A title with \"quotes\"", "list": [true, false, null, -1.5e+10], "nested": {"deep": {"deeper": ["some longer text that goes on for a while"]}}}"""),
        new("regex", () => CompiledGrammar.OfRegex(@"(Monday|Tuesday|Friday), [0-9]{1,2} (January|May|August) [0-9]{4}: [^\n]{1,200}\n"),
            "Friday, 13 August 2027: The council met at noon and left before one, for nobody had anything to say.\n"),
        new("gbnf", () => CompiledGrammar.OfGbnf("""
            root ::= (item "\n")+
            item ::= "- " word (" " word)* (": " number)?
            word ::= [a-zA-Z]+ [,.]?
            number ::= "-"? [0-9]+ ("." [0-9]+)?
            """),
            "- the temperature in the hall: 21.5\n- the pressure, in the tank: 3\n- nothing else of note.\n"),
    ];

    private static GrammarCase Schema(string name, string schema, params string[] documents) => new(name, () =>
    {
        using JsonDocument parsed = JsonDocument.Parse(schema);
        return CompiledGrammar.OfJsonSchema(parsed.RootElement);
    }, documents);

    private static string Word(int seed) =>
        new[] { "account", "balance", "create", "delete", "event", "file", "group", "history", "invoice", "job", "key", "label", "message", "notify", "order" }[seed % 15] + (seed / 15 == 0 ? "" : $"{seed / 15}");
}
