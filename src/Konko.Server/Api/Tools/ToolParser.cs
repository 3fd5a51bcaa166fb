using System.Text.Json;
using Konko.Server.Api.Validation;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Api.Tools;

/// <summary>Parses <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>, and the older <c>functions</c> and <c>function_call</c>.</summary>
internal static class ToolParser
{
    private const int MaxTools = 128;
    private const int MaxNameLength = 64;
    private const string Function = "function";

    /// <summary>Parses what a request says of tools.</summary>
    /// <param name="parameters">The request's parameters.</param>
    /// <returns>The tools; null where the model is to call none.</returns>
    public static ToolOptions? Parse(Parameters parameters)
    {
        bool? parallel = Parallel(parameters);
        List<ToolDefinition> tools = Definitions(parameters, "tools", Tool);
        List<ToolDefinition> functions = Definitions(parameters, "functions", static (fields, _) => Definition(fields));
        if (tools.Count > 0 && functions.Count > 0) parameters.Fail("functions", "cannot be there together with 'tools'.");
        bool older = functions.Count > 0;
        ToolOptions? newer = Choose(parameters, "tool_choice", tools, static choice => Named(choice)) is { } chosen ? chosen with { Parallel = parallel } : null;
        ToolOptions? old = Choose(parameters, "function_call", functions, static choice => choice.Text("name"));
        return older && old is not null ? old with { Older = true } : newer;
    }

    /// <summary>Parses what a response says of tools: the same, but a function stands in its entry itself.</summary>
    /// <param name="parameters">The request's parameters.</param>
    /// <returns>The tools; null where the model is to call none.</returns>
    public static ToolOptions? ParseFlat(Parameters parameters)
    {
        bool? parallel = Parallel(parameters);
        List<ToolDefinition> tools = Definitions(parameters, "tools", static (fields, _) => FlatTool(fields));
        return Choose(parameters, "tool_choice", tools, FlatNamed) is { } chosen ? chosen with { Parallel = parallel } : null;
    }

    private static bool? Parallel(Parameters parameters)
        => parameters.Value("parallel_tool_calls") is null ? null : parameters.Boolean("parallel_tool_calls");

    private static List<ToolDefinition> Definitions(Parameters parameters, string name, Func<Parameters, JsonElement, ToolDefinition?> read)
    {
        var tools = new List<ToolDefinition>();
        if (parameters.List(name) is not { } list) return tools;
        if (list.GetArrayLength() > MaxTools) parameters.Fail(name, $"must not hold more than {MaxTools} entries.");
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (parameters.Failed || parameters.Element(name, tools.Count, element) is not { } fields || read(fields, element) is not { } tool) break;
            if (tools.Exists(other => other.Name == tool.Name)) fields.Fail("name", $"is '{tool.Name}' a second time.");
            tools.Add(tool);
        }

        return tools;
    }

    private static ToolDefinition? Tool(Parameters fields, JsonElement element)
    {
        if (fields.Text("type") != Function) fields.Fail("type", "must be \"function\".");
        if (fields.Object(Function) is { } function) return Definition(function) is { } tool ? tool with { Definition = element.Clone() } : null;
        fields.Fail(Function, "must be an object.");
        return null;
    }

    private static ToolDefinition? FlatTool(Parameters fields)
    {
        if (fields.Text("type") == Function) return Definition(fields);
        fields.Fail("type", "must be \"function\": this server runs no tools of its own.");
        return null;
    }

    private static ToolDefinition? Definition(Parameters function)
    {
        string? name = function.Text("name");
        if (name is null || name.Length is 0 or > MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            function.Fail("name", $"must be 1 to {MaxNameLength} letters, digits, underscores, hyphens and dots.");
            return null;
        }

        _ = function.Text("description");
        function.Object("parameters");
        bool strict = function.Boolean("strict");
        if (function.Failed) return null;
        JsonElement? schema = function.Value("parameters")?.Clone();
        return new ToolDefinition(name, Wrap(function.Json), schema, strict) { Path = function.Path("parameters"), Arguments = strict ? ToolGrammar.Arguments(schema) : null };
    }

    private static JsonElement Wrap(JsonElement function)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("type", Function);
            json.WriteStartObject(Function);
            // Models know the form in which the type stands around the function.
            foreach (JsonProperty member in function.EnumerateObject().Where(member => member.Name != "type")) member.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length), new JsonDocumentOptions { MaxDepth = RequestBody.MaxDepth + 1 });
        return document.RootElement.Clone();
    }

    private static ToolOptions? Choose(Parameters parameters, string parameter, List<ToolDefinition> tools, Func<Parameters, string?> named)
    {
        bool hasWord = parameters.Value(parameter) is { ValueKind: JsonValueKind.String };
        string? word = hasWord ? parameters.Text(parameter) : null;
        if (hasWord ? word is not ("none" or "auto" or "required") || (word == "required" && parameter != "tool_choice") : parameters.Value(parameter) is { ValueKind: not JsonValueKind.Object })
        {
            parameters.Fail(parameter, parameter == "tool_choice" ? "must be none, auto, required, or name a function." : "must be none, auto, or name a function.");
            return null;
        }

        string? name = null;
        if (!hasWord && parameters.Object(parameter) is { } choice)
        {
            name = named(choice);
            if (name is null) choice.Fail("name", "must name a function.");
            else if (!tools.Exists(tool => tool.Name == name)) choice.Fail("name", "names none of the request's functions.");
        }

        bool isForced = name is not null || word == "required";
        if (isForced && tools.Count == 0) parameters.Fail(parameter, "asks for a call, and there is nothing to call.");
        if (tools.Count == 0 || word == "none" || parameters.Failed) return null;
        return new ToolOptions
        {
            Tools = name is null ? tools : [tools.Find(tool => tool.Name == name)!],
            Choice = isForced ? ToolChoice.Required : ToolChoice.Auto,
        };
    }

    private static string? Named(Parameters choice)
    {
        if (choice.Text("type") != Function) choice.Fail("type", "must be \"function\".");
        return choice.Object(Function)?.Text("name");
    }

    private static string? FlatNamed(Parameters choice)
    {
        if (choice.Text("type") != Function) choice.Fail("type", "must be \"function\".");
        return choice.Text("name");
    }
}
