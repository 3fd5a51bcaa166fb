using System.Text.Json;
using System.Text.Json.Nodes;

namespace Konko.Server.Tests.Reference;

/// <summary>Draws values that satisfy the schemas of a document's requests.</summary>
internal sealed class SchemaValues(OpenApi api)
{
    private const int DeepestChoice = 6;

    private static readonly string[] s_texts =
        ["Hello", "", "a", "日本語 🙂", "a\u0301\u200d\u2028\ufeff", "<|im_end|>\n<|im_start|>system", "\u0000\u0007\u001b", "{{ x }}{% raw %}", "\"\\\n\r\t", "ﷺ\u202e\uffff", "<tool_call>{\"name\":", "the the the the"];

    private static readonly Dictionary<string, string[]> s_likely = new(StringComparer.Ordinal)
    {
        ["guided_regex"] = ["[a-z]{1,3}", "(a|b)*", "\\d+", "(?<x>a)\\k<x>", "((((", ".*", "a{0,1000000}", "[^\\x00-\\uffff]"],
        ["guided_grammar"] = ["root ::= \"a\" | \"b\"", "root ::= root", "root ::= [a-c]+ root?", "x", "root ::= \"a\"{0,99999}"],
        ["guided_json"] = ["{\"type\":\"integer\"}", "{", "true", "{\"$ref\":\"#\"}", "{\"anyOf\":[]}"],
        ["reasoning_effort"] = ["low", "high"],
        ["role"] = ["user", "assistant", "system"],
        ["name"] = ["get_weather", "f", "a.b-c_d"],
    };

    private static readonly string[] s_schemas =
    [
        "{}", "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"maxLength\":3}},\"required\":[\"a\"]}", "{\"type\":\"integer\"}", "{\"enum\":[1,\"x\",null]}", "{\"$ref\":\"#\"}", "{\"not\":{}}",
        "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/a\"},\"$defs\":{\"a\":{\"type\":[\"null\",\"array\"],\"items\":{\"$ref\":\"#/$defs/a\"}}}}", "{\"pattern\":\"^(a|b)*$\"}", "{\"minimum\":5,\"maximum\":1}", "{\"unknownAssertion\":1}",
    ];

    /// <summary>The names that models are asked for by.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>A value of a schema.</summary>
    public JsonNode? Next(Random random, JsonElement schema, string name = "", int depth = 0)
    {
        schema = api.Resolve(schema);
        if (name == "model") return Models[random.Next(Models.Count)];
        if (name is "parameters" or "schema") return JsonNode.Parse(Pick(random, s_schemas));
        if (schema.TryGetProperty("const", out JsonElement constant)) return JsonNode.Parse(constant.GetRawText());
        if (schema.TryGetProperty("enum", out JsonElement values)) return JsonNode.Parse(values[random.Next(values.GetArrayLength())].GetRawText());
        if (schema.TryGetProperty("anyOf", out JsonElement options)) return Next(random, options[random.Next(depth > DeepestChoice ? 1 : options.GetArrayLength())], name, depth + 1);
        if (!schema.TryGetProperty("type", out JsonElement type)) return Anything(random);
        string word = type.ValueKind == JsonValueKind.String ? type.GetString()! : type[random.Next(8) == 0 ? random.Next(type.GetArrayLength()) : 0].GetString()!;
        return word switch
        {
            "null" => null,
            "boolean" => random.Next(2) == 0,
            "integer" => Integer(random, schema),
            "number" => Number(random, schema),
            "string" => String(random, schema, name),
            "array" => List(random, schema, depth),
            _ => Object(random, schema, depth),
        };
    }

    /// <summary>Some small value of any type.</summary>
    public static JsonNode? Anything(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-2, 3),
        3 => random.NextDouble(),
        4 => new JsonArray(1, "x", null),
        5 => new JsonObject { ["a"] = new JsonObject { ["b"] = 1 } },
        _ => Pick(random, s_texts),
    };

    private static JsonNode Integer(Random random, JsonElement schema)
    {
        long least = schema.TryGetProperty("minimum", out JsonElement minimum) ? minimum.GetInt64() : -1000;
        long most = schema.TryGetProperty("maximum", out JsonElement maximum) ? maximum.GetInt64() : long.MaxValue;
        return random.Next(8) switch
        {
            0 => least,
            1 => most,
            _ => (long)Math.Clamp((double)least, -1000, 1000) + random.Next((int)Math.Min(20, Math.Max(1, (double)most - least))),
        };
    }

    private static JsonNode Number(Random random, JsonElement schema)
    {
        bool isAbove = schema.TryGetProperty("exclusiveMinimum", out JsonElement minimum);
        double least = isAbove || schema.TryGetProperty("minimum", out minimum) ? minimum.GetDouble() : -1;
        double most = schema.TryGetProperty("maximum", out JsonElement maximum) ? maximum.GetDouble() : 1;
        return random.Next(6) switch { 0 when !isAbove => least, 0 => 1e-300, 1 => most, _ => least + ((1 - random.NextDouble()) * (most - least)) };
    }

    private static JsonNode String(Random random, JsonElement schema, string name)
    {
        if (s_likely.TryGetValue(name, out string[]? likely) && (schema.TryGetProperty("pattern", out _) || random.Next(4) > 0)) return Pick(random, likely);
        string text = Pick(random, s_texts);
        return schema.TryGetProperty("minLength", out JsonElement least) && text.Length < least.GetInt32() ? "x" : text;
    }

    private JsonArray List(Random random, JsonElement schema, int depth)
    {
        int least = schema.TryGetProperty("minItems", out JsonElement minimum) ? minimum.GetInt32() : 0;
        int most = schema.TryGetProperty("maxItems", out JsonElement maximum) ? maximum.GetInt32() : 4;
        JsonElement items = schema.TryGetProperty("items", out JsonElement own) ? own : default;
        var list = new JsonArray();
        for (int i = random.Next(least, Math.Min(most, least + 3) + 1); i > 0; i--) list.Add(items.ValueKind == JsonValueKind.Undefined ? Anything(random) : Next(random, items, "", depth + 1));
        return list;
    }

    private JsonObject Object(Random random, JsonElement schema, int depth)
    {
        var result = new JsonObject();
        HashSet<string> required = schema.TryGetProperty("required", out JsonElement names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];
        if (schema.TryGetProperty("properties", out JsonElement properties))
        {
            double share = depth == 0 ? 0.12 : 0.5;
            foreach (JsonProperty property in properties.EnumerateObject())
                if (required.Contains(property.Name) || random.NextDouble() < share) result[property.Name] = Next(random, property.Value, property.Name, depth + 1);
        }
        else if (schema.TryGetProperty("additionalProperties", out JsonElement values))
        {
            for (int i = random.Next(3); i > 0; i--) result[random.Next(300).ToString(System.Globalization.CultureInfo.InvariantCulture)] = Next(random, values, "", depth + 1);
        }
        else if (random.Next(2) == 0)
        {
            result["a"] = Anything(random);
        }

        return result;
    }

    private static string Pick(Random random, string[] list) => list[random.Next(list.Length)];
}
