using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Konko.Engine.Gguf;
using Konko.Engine.Grammar;
using Konko.Engine.Tokenizers;

namespace Konko.Bench;

/// <summary>Times constrained output over a real vocabulary: taking it in, compiling schemas, and the mask of every token of documents.</summary>
internal static class GrammarBench
{
    private static readonly (string Name, string Schema, string[] Documents)[] s_cases =
    [
        ("person", """
            {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0,"maximum":150},"email":{"type":"string","format":"email"},
            "tags":{"type":"array","items":{"type":"string"}},"address":{"type":"object","properties":{"street":{"type":"string","maxLength":60},"zip":{"type":"string","pattern":"^[0-9]{5}$"},
            "country":{"enum":["DE","FR","IT","US"]}},"required":["street","country"],"additionalProperties":false}},"required":["name","age"],"additionalProperties":false}
            """,
            ["""{"name": "Ada Lovelace, née Byron", "age": 36, "email": "ada@engines.example.org", "tags": ["mathematics", "poetry", "first programmer"], "address": {"street": "12 St. James's Square", "zip": "12345", "country": "FR"}}"""]),
        ("tree", """
            {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"label":{"type":"string"},"value":{"type":["number","null"]},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}},"required":["label"]}}}
            """,
            ["""{"label": "root", "value": 1.5, "children": [{"label": "The quick brown fox jumps over the lazy dog", "value": null, "children": [{"label": "x", "extra": {"free": [1, 2, "three"]}}]}, {"label": "Grüße aus 東京 😀", "children": []}]}"""]),
        ("events", """
            {"type":"array","maxItems":100,"items":{"oneOf":[
            {"type":"object","properties":{"kind":{"const":"message"},"at":{"type":"string","format":"date-time"},"text":{"type":"string","minLength":1,"maxLength":280}},"required":["kind","at","text"],"additionalProperties":false},
            {"type":"object","properties":{"kind":{"const":"payment"},"id":{"type":"string","format":"uuid"},"amount":{"type":"number","minimum":0.01,"maximum":99999.99},"currency":{"type":"string","pattern":"^[A-Z]{3}$"}},"required":["kind","id","amount"]}]}}
            """,
            ["""[{"kind": "message", "at": "2024-02-29T12:34:56Z", "text": "Please send the invoice for the order of last week; it has not come yet."}, {"kind": "payment", "id": "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "amount": 1234.56, "currency": "EUR"}]"""]),
        ("any object", """{"type":"object"}""",
            ["""{"title": "A title with \"quotes\"", "list": [true, false, null, -1.5e+10], "nested": {"deep": {"deeper": ["some longer text that goes on for a while"]}}}"""]),
    ];

    /// <summary>Measures, and prints a table.</summary>
    /// <param name="vocabulary">A GGUF file; only its vocabulary is read.</param>
    public static int Run(string vocabulary)
    {
        using GgufFile file = GgufFile.Open(vocabulary);
        Tokenizer tokenizer = Tokenizer.FromGguf(file);
        long start = Stopwatch.GetTimestamp();
        GrammarVocabulary taken = GrammarVocabulary.Create(tokenizer);
        Print($"{tokenizer.VocabularySize} tokens taken in in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");

        var first = new List<double>();
        var again = new List<double>();
        foreach ((string name, string schema, string[] documents) in s_cases)
        {
            using JsonDocument parsed = JsonDocument.Parse(schema);
            double[] compile = new double[7];
            for (int i = 0; i < compile.Length; i++)
            {
                start = Stopwatch.GetTimestamp();
                _ = new TokenGrammar(CompiledGrammar.OfJsonSchema(parsed.RootElement), taken);
                compile[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            var cold = new List<double>();
            var warm = new List<double>();
            var grammar = new TokenGrammar(CompiledGrammar.OfJsonSchema(parsed.RootElement), taken);
            foreach (string document in documents)
            {
                Follow(grammar, tokenizer, document, cold);
                Follow(grammar, tokenizer, document, warm);
            }

            Print($"{name,-10} compiled in {compile[0]:F1} ms, then {Median.Of(compile):F1} ms; {cold.Count} masks: first {Line(cold)}; again {Line(warm)}");
            first.AddRange(cold);
            again.AddRange(warm);
        }

        Print($"all        first {Line(first)}; again {Line(again)}");
        return 0;
    }

    private static void Follow(TokenGrammar grammar, Tokenizer tokenizer, string document, List<double> times)
    {
        ulong[] mask = new ulong[grammar.Vocabulary.MaskWords];
        GrammarState state = grammar.Start;
        foreach (int token in tokenizer.Encode(document, parseSpecial: false))
        {
            long start = Stopwatch.GetTimestamp();
            state.WriteMask(mask);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);

            if ((mask[token >> 6] >> (token & 63) & 1) == 0) throw new InvalidOperationException($"The mask refuses '{tokenizer.Literal(token)}' of {document}");
            state = state.Accept(token) ?? throw new InvalidOperationException("The token is refused.");
        }
    }

    private static string Line(List<double> times)
    {
        double[] sorted = [.. times.Order()];
        return string.Create(CultureInfo.InvariantCulture, $"median {sorted[sorted.Length / 2]:F1}, 99 % {sorted[sorted.Length * 99 / 100]:F1}, most {sorted[^1]:F1} µs");
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
