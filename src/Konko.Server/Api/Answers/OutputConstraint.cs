using System.Text.Json;
using Konko.Engine.Grammar;
using Konko.Server.Api.Validation;

namespace Konko.Server.Api.Answers;

/// <summary>What a request says its text must look like.</summary>
/// <param name="Parameter">The parameter that says it, for messages.</param>
/// <param name="Schema">The schema, where it is one.</param>
/// <param name="Grammar">The grammar, where it is no schema.</param>
internal sealed record OutputConstraint(string Parameter, JsonElement? Schema, CompiledGrammar? Grammar)
{
    private const string Format = "response_format";

    private static readonly string[] Guides = ["guided_json", "guided_regex", "guided_choice", "guided_grammar"];

    /// <summary>Reads <c>response_format</c> and the parameters that begin with <c>guided_</c>.</summary>
    /// <param name="parameters">The request's parameters; failed where they cannot be enforced.</param>
    /// <returns>The constraint; null for free text.</returns>
    public static OutputConstraint? Read(Parameters parameters) => Read(parameters, ResponseFormat(parameters));

    /// <summary>Reads <c>text.format</c>, as responses have it, and the parameters that begin with <c>guided_</c>.</summary>
    /// <param name="parameters">The request's parameters; failed where they cannot be enforced.</param>
    /// <returns>The constraint; null for free text.</returns>
    public static OutputConstraint? ReadFlat(Parameters parameters)
    {
        if (parameters.Value(Format) is not null) parameters.Fail(Format, "is no parameter of a response: it says 'text.format' instead.");
        return Read(parameters, parameters.Object("text")?.Object("format") is { } format ? OfFormat(format, _ => format) : null);
    }

    private static OutputConstraint? Read(Parameters parameters, OutputConstraint? found)
    {
        foreach (string guide in Guides)
        {
            if (parameters.Value(guide) is not { } value) continue;
            if (found is not null) parameters.Fail(guide, $"cannot be there together with '{found.Parameter}'.");
            found = guide switch
            {
                "guided_json" => Guided(parameters, value),
                "guided_regex" => Of(parameters, guide, parameters.Text(guide), CompiledGrammar.OfRegex),
                "guided_choice" => Of(parameters, guide, Choices(parameters, value), CompiledGrammar.OfChoices),
                _ => Of(parameters, guide, parameters.Text(guide), CompiledGrammar.OfGbnf),
            };
        }

        return parameters.Failed ? null : found;
    }

    /// <summary>The grammar of the constraint, compiled where it is not yet.</summary>
    /// <param name="parameters">The request's parameters; failed where the schema cannot be enforced.</param>
    public CompiledGrammar? Compile(Parameters parameters) => Grammar ?? Compiled(parameters, Parameter, () => GrammarCache.Shared.OfSchema(Schema!.Value));

    /// <summary>Compiles a grammar, or fails the request by the name of the part that cannot be enforced.</summary>
    /// <param name="parameters">The request's parameters.</param>
    /// <param name="path">The parameter, from the request's root.</param>
    /// <param name="compile">Compiles it.</param>
    public static CompiledGrammar? Compiled(Parameters parameters, string path, Func<CompiledGrammar> compile)
    {
        try
        {
            return compile();
        }
        catch (GrammarException exception)
        {
            parameters.Fail(path, $"cannot be enforced: {exception.Message}.");
            return null;
        }
    }

    private static OutputConstraint? ResponseFormat(Parameters parameters)
        => parameters.Object(Format) is { } format ? OfFormat(format, static format => format.Object("json_schema")) : null;

    private static OutputConstraint? OfFormat(Parameters format, Func<Parameters, Parameters?> holder)
    {
        switch (format.Text("type"))
        {
            case "text":
                return null;
            case "json_object":
                return new OutputConstraint(format.Path("type"), null, CompiledGrammar.JsonObject);
            case "json_schema":
                if (holder(format) is not { } named)
                {
                    format.Fail("json_schema", "must be an object with the schema.");
                    return null;
                }

                if (named.Object("schema") is null) named.Fail("schema", "must be a JSON Schema.");
                return named.Value("schema") is { } schema ? new OutputConstraint(named.Path("schema"), schema.Clone(), null) : null;
            default:
                format.Fail("type", "must be text, json_object or json_schema.");
                return null;
        }
    }

    // A schema, or its text, as vLLM takes it.
    private static OutputConstraint? Guided(Parameters parameters, JsonElement value)
    {
        const string Name = "guided_json";
        if (value.ValueKind == JsonValueKind.Object) return new OutputConstraint(Name, value.Clone(), null);
        if (value.ValueKind == JsonValueKind.String)
        {
            RequestBody body = RequestBody.Parse(System.Text.Encoding.UTF8.GetBytes(value.GetString()!));
            using JsonDocument? document = body.Document;
            if (document is not null) return new OutputConstraint(Name, document.RootElement.Clone(), null);
        }

        parameters.Fail(Name, "must be a JSON Schema, or the text of one.");
        return null;
    }

    private static List<string>? Choices(Parameters parameters, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(choice => choice.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(choice => choice.GetString()!)];
        parameters.Fail("guided_choice", "must be a list of strings.");
        return null;
    }

    private static OutputConstraint? Of<T>(Parameters parameters, string name, T? source, Func<T, CompiledGrammar> compile)
        where T : class
        => source is not null && Compiled(parameters, name, () => compile(source)) is { } grammar ? new OutputConstraint(name, null, grammar) : null;
}
