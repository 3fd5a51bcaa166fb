using System.Text.Json;

namespace Konko;

/// <summary>What an answer must be: any text, any JSON object, or JSON of a schema.</summary>
public sealed record ResponseFormat
{
    private ResponseFormat()
    {
    }

    /// <summary>Any text.</summary>
    public static ResponseFormat Text { get; } = new() { Type = "text" };

    /// <summary>Any JSON object.</summary>
    public static ResponseFormat JsonObject { get; } = new() { Type = "json_object" };

    /// <summary><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    public string Type { get; private init; } = "text";

    /// <summary>The schema.</summary>
    public ResponseSchema? JsonSchema { get; private init; }

    /// <summary>JSON of a schema, enforced while the answer is written.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="name">What to call it.</param>
    public static ResponseFormat ForSchema(JsonElement schema, string name = "answer") =>
        new() { Type = "json_schema", JsonSchema = new ResponseSchema { Name = name, Schema = schema, Strict = true } };

    /// <summary>JSON of a schema, enforced while the answer is written.</summary>
    /// <param name="schema">The schema, as text.</param>
    /// <param name="name">What to call it.</param>
    /// <exception cref="JsonException">The schema is no JSON.</exception>
    public static ResponseFormat ForSchema(string schema, string name = "answer") => ForSchema(JsonElement.Parse(schema), name);
}
