using System.Globalization;
using System.Text;

namespace Konko.Engine.Tests.Grammar.Schema;

/// <summary>A schema and a way to make documents that satisfy it, in the language that the engine promises to accept.</summary>
/// <param name="Json">The schema.</param>
/// <param name="Document">Makes another document.</param>
internal sealed record RandomSchema(string Json, Func<Random, string> Document)
{
    private static readonly string[] s_words = ["id", "name", "größe", "a b", "x\"y", "tags", "price", "back\\slash", "été", "😀", "n", "line\nend"];

    /// <summary>Another schema.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="depth">How deep it may nest.</param>
    public static RandomSchema Make(Random random, int depth) => random.Next(depth > 0 ? 16 : 10) switch
    {
        0 => new("""{"type":"null"}""", _ => "null"),
        1 => new("""{"type":"boolean"}""", r => r.Next(2) == 0 ? "true" : "false"),
        2 or 3 => Integer(random),
        4 => Decimal(random),
        5 => Enumeration(random),
        6 => Pattern(random),
        7 => Format(random),
        8 or 9 => Text(random),
        10 or 11 => Array(random, depth),
        12 => Tuple(random, depth),
        13 => AnyOf(random, depth),
        _ => Object(random, depth),
    };

    private static RandomSchema Integer(Random random)
    {
        long min = random.NextInt64(-2000, 2000), max = min + random.NextInt64(0, 100_000);
        string bounds = random.Next(4) switch { 0 => "", 1 => $",\"minimum\":{min}", 2 => $",\"exclusiveMaximum\":{max + 1}", _ => $",\"minimum\":{min},\"maximum\":{max}" };
        return new($$"""{"type":"integer"{{bounds}}}""", r => r.NextInt64(min, max + 1).ToString(CultureInfo.InvariantCulture));
    }

    private static RandomSchema Decimal(Random random)
    {
        if (random.Next(3) == 0) return new("""{"type":"number"}""", r => Write((r.NextDouble() - 0.5) * Math.Pow(10, r.Next(-12, 20))));
        decimal min = Math.Round((decimal)(random.NextDouble() - 0.5) * 100, random.Next(4)), max = min + Math.Round((decimal)random.NextDouble() * 100, random.Next(4));
        return new($$"""{"type":"number","minimum":{{Write(min)}},"maximum":{{Write(max)}}}""", r => Write(Math.Clamp(Math.Round(min + (decimal)r.NextDouble() * (max - min), r.Next(6)), min, max)));

        static string Write(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
    }

    private static RandomSchema Enumeration(Random random)
    {
        string[] values = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(4) switch
        {
            0 => random.Next(100).ToString(CultureInfo.InvariantCulture),
            1 => "null",
            2 => """[1,{"a":true}]""",
            _ => CanonicalJson.Quote(s_words[random.Next(s_words.Length)]),
        })];
        return new($$"""{"enum":[{{string.Join(",", values)}}]}""", r => values[r.Next(values.Length)]);
    }

    private static RandomSchema Pattern(Random random)
    {
        int letters = random.Next(1, 5);
        return random.Next(3) switch
        {
            0 => new($$"""{"type":"string","pattern":"^[A-Z]{{{letters}}}-\\d+$"}""", r => $"\"{Letters(r, letters)}-{r.Next(100_000)}\""),
            1 => new("""{"type":"string","pattern":"b+c"}""", r => CanonicalJson.Quote(AnyText(r, 5) + "bbc" + AnyText(r, 5))),
            _ => new("""{"type":"string","pattern":"^(cat|dog)s?( and (cat|dog)s?)*$","maxLength":20}""", r => r.Next(2) == 0 ? "\"cats\"" : "\"dogs and cat\""),
        };

        static string Letters(Random r, int count) => new([.. Enumerable.Range(0, count).Select(_ => (char)('A' + r.Next(26)))]);
    }

    private static RandomSchema Format(Random random) => random.Next(6) switch
    {
        0 => new("""{"type":"string","format":"date-time"}""", r => $"\"{Day(r):yyyy-MM-ddTHH:mm:ss}Z\""),
        1 => new("""{"type":"string","format":"date"}""", r => $"\"{Day(r):yyyy-MM-dd}\""),
        2 => new("""{"type":"string","format":"uuid"}""", r => $"\"{new Guid([.. Enumerable.Range(0, 16).Select(_ => (byte)r.Next(256))])}\""),
        3 => new("""{"type":"string","format":"ipv4"}""", r => $"\"{r.Next(256)}.{r.Next(256)}.{r.Next(256)}.{r.Next(256)}\""),
        4 => new("""{"type":"string","format":"email"}""", r => $"\"user{r.Next(1000)}+tag@mail-{r.Next(10)}.example.org\""),
        _ => new("""{"type":"string","format":"uri"}""", r => $"\"https://example.org:80{r.Next(10)}/a/{r.Next(100)}?q=%20x#top\""),
    };

    private static DateTime Day(Random r) => new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(r.NextInt64(0, 6_000_000_000));

    private static RandomSchema Text(Random random)
    {
        if (random.Next(2) == 0) return new("""{"type":"string"}""", r => CanonicalJson.Quote(AnyText(r, 30)));
        int min = random.Next(0, 4), max = min + random.Next(0, 40);
        return new($$"""{"type":"string","minLength":{{min}},"maxLength":{{max}}}""", r => CanonicalJson.Quote(AnyText(r, max, min)));
    }

    private static string AnyText(Random random, int most, int least = 0)
    {
        var text = new StringBuilder();
        int count = random.Next(least, most + 1);
        for (int i = 0; i < count; i++)
        {
            text.Append(random.Next(8) switch
            {
                0 => "\n\t\"\\/\b\u0001\u001f\u007f"[random.Next(9)].ToString(),
                1 => char.ConvertFromUtf32(random.Next(0x80, 0xD800)),
                2 => char.ConvertFromUtf32(random.Next(0xE000, 0x110000)),
                _ => ((char)random.Next(' ', 0x7F)).ToString(),
            });
        }

        return text.ToString();
    }

    private static RandomSchema Array(Random random, int depth)
    {
        RandomSchema item = Make(random, depth - 1);
        int min = random.Next(3), max = min + random.Next(4);
        string bounds = random.Next(2) == 0 ? "" : $",\"minItems\":{min},\"maxItems\":{max}";
        return new($$"""{"type":"array","items":{{item.Json}}{{bounds}}}""",
            r => "[" + Join(r, Enumerable.Range(0, r.Next(min, max + 1)).Select(_ => item.Document(r))) + "]");
    }

    private static RandomSchema Tuple(Random random, int depth)
    {
        RandomSchema[] items = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Make(random, depth - 1))];
        return new($$"""{"type":"array","prefixItems":[{{string.Join(",", items.Select(item => item.Json))}}],"items":false}""",
            r => "[" + Join(r, items.Take(r.Next(items.Length + 1)).Select(item => item.Document(r))) + "]");
    }

    private static RandomSchema AnyOf(Random random, int depth)
    {
        RandomSchema[] ways = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Make(random, depth - 1))];
        return new($$"""{"anyOf":[{{string.Join(",", ways.Select(way => way.Json))}}]}""", r => ways[r.Next(ways.Length)].Document(r));
    }

    private static RandomSchema Object(Random random, int depth)
    {
        string[] names = [.. s_words.OrderBy(_ => random.Next()).Take(random.Next(0, 6))];
        (string Name, RandomSchema Schema, bool Required)[] properties = [.. names.Select(name => (name, Make(random, depth - 1), random.Next(2) == 0))];
        RandomSchema? others = random.Next(3) == 0 ? Make(random, depth - 1) : null;
        string json = $$"""
            {"type":"object","properties":{{{string.Join(",", properties.Select(p => $"{CanonicalJson.Quote(p.Name)}:{p.Schema.Json}"))}}},
            "required":[{{string.Join(",", properties.Where(p => p.Required).Select(p => CanonicalJson.Quote(p.Name)))}}],"additionalProperties":{{others?.Json ?? "false"}}}
            """;
        return new(json, r =>
        {
            var members = properties.Where(p => p.Required || r.Next(2) == 0).Select(p => CanonicalJson.Quote(p.Name) + ":" + Blank(r) + p.Schema.Document(r)).ToList();
            for (int i = 0; others is not null && i < r.Next(3); i++) members.Add($"{CanonicalJson.Quote($"more {i}{AnyText(r, 3)}")}:{Blank(r)}{others.Document(r)}");
            return "{" + Join(r, members) + "}";
        });
    }

    private static string Join(Random random, IEnumerable<string> parts)
    {
        var text = new StringBuilder();
        foreach (string part in parts)
        {
            if (text.Length > 0) text.Append(',').Append(Blank(random));
            text.Append(part);
        }

        return text.ToString();
    }

    private static string Blank(Random random) => random.Next(2) == 0 ? " " : "";
}
