using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Konko.Engine.Tests.Grammar.Schema;

/// <summary>
/// Judges documents with an independent validator. Where that one is known to be wrong by the letter of a standard, just that is put
/// right before it is asked; <see cref="IndependentValidatorTests"/> shows each of its mistakes.
/// </summary>
internal sealed class IndependentValidator
{
    private static readonly EvaluationOptions s_options = new() { OutputFormat = OutputFormat.Flag, RequireFormatValidation = true };

    private static readonly JsonSerializerOptions s_deep = new() { MaxDepth = 500 };

    private readonly JsonSchema _schema;
    private readonly JsonSchema _corrected;

    static IndependentValidator()
    {
        FormatRegistry.Global.Register(new PredicateFormat("rfc-email", (JsonElement value) => value.ValueKind != JsonValueKind.String || Rfc.IsEmail(value.GetString()!)));
        FormatRegistry.Global.Register(new PredicateFormat("rfc-uri", (JsonElement value) => value.ValueKind != JsonValueKind.String || Rfc.IsUri(value.GetString()!)));
    }

    /// <param name="schema">The schema.</param>
    public IndependentValidator(string schema)
    {
        _schema = JsonSchema.FromText(schema);
        _corrected = JsonSchema.FromText(schema
            .Replace("\"format\":\"email\"", "\"format\":\"rfc-email\"", StringComparison.Ordinal)
            .Replace("\"format\":\"uri\"", "\"format\":\"rfc-uri\"", StringComparison.Ordinal));
    }

    /// <summary>Documents of which the validator alone would have said something else.</summary>
    public int Differing { get; private set; }

    /// <summary>The validator's own word.</summary>
    public static bool Ask(JsonSchema schema, string document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 500 });
        return schema.Evaluate(parsed.RootElement, s_options).IsValid;
    }

    /// <summary>Whether a document satisfies the schema.</summary>
    public bool IsValid(string document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 500 });
        JsonNode? put = Put(parsed.RootElement);
        bool isValid = Ask(_corrected, put?.ToJsonString(s_deep) ?? "null");
        if (isValid != Own(document)) Differing++;
        return isValid;
    }

    private bool? Own(string document)
    {
        try
        {
            return Ask(_schema, document);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            // A number that is no decimal of the runtime, or has too many places for it.
            return null;
        }
    }

    /// <summary>Puts what the validator takes for one character as so many as there are, and numbers where it can read them.</summary>
    private static JsonNode? Put(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Put)]),
        JsonValueKind.Object => PutMembers(element),
        JsonValueKind.String => JsonValue.Create(Singly(element.GetString()!)),
        // It is greater than any number in the schemas, whichever it is.
        JsonValueKind.Number when !element.TryGetDecimal(out _) => JsonValue.Create(element.GetRawText()[0] == '-' ? decimal.MinValue : decimal.MaxValue),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element),
    };

    /// <summary>The members; of those with one name (free names may repeat) the last counts, as it does for whoever reads the document.</summary>
    private static JsonObject PutMembers(JsonElement element)
    {
        var members = new JsonObject();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string name = Singly(member.Name);
            if (names.TryGetValue(name, out string? other) && other != member.Name) name = member.Name;
            names[name] = member.Name;
            members[name] = Put(member.Value);
        }

        return members;
    }

    /// <summary>The text with letters in place of such characters as grow together, one for each code point.</summary>
    private static string Singly(string text)
    {
        var singly = new StringBuilder();
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            string element = elements.GetTextElement();
            bool isOne = element.EnumerateRunes().Count() == 1;
            foreach (Rune rune in element.EnumerateRunes()) singly.Append(isOne || rune.Value is < 0x80 and not '\r' and not '\n' ? rune.ToString() : rune.Value < 0x80 ? "\t" : "\u4E00");
        }

        return singly.ToString();
    }
}
