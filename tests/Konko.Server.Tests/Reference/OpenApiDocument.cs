using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Protocol.Errors;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Reference;

/// <summary>
/// Makes the OpenAPI document: answers from the records that are serialised, with their documentation; requests from
/// <c>requests.json</c>, which tests hold against the parsers; examples from the transcripts, which are what the server said.
/// </summary>
internal static class OpenApiDocument
{
    private const string EventStream = "text/event-stream";
    private const string Json = "application/json";

    private static readonly JsonSerializerOptions s_text = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private static readonly string[] s_errorTranscripts =
        ["example-error-value", "example-error-refused", "example-error-model", "example-error-server", "example-streams", "example-models"];

    private static readonly Dictionary<int, string> s_errors = new()
    {
        [400] = "The request is at fault; `param` names the part. A prompt that leaves no room for an answer has the code `context_length_exceeded`.",
        [401] = "The server has keys, and the call shows none of them.",
        [403] = "The server has no keys, and the request's `Host` is not one that it answers to.",
        [404] = "There is no such thing: a model, a stream, a path.",
        [408] = "The body came too slowly. The connection ends.",
        [413] = "The body is larger than the server takes. The connection ends.",
        [415] = "The body is not declared as `application/json` in UTF-8.",
        [429] = "There is too much at once: the queue is full, or the memory for bodies, or there are too many resumable streams. `Retry-After` says when to try again.",
        [500] = "The server failed.",
        [503] = "Not now: the model is still loading or does not fit into the memory, or the server is shutting down. `Retry-After` says when to try again, if that makes sense.",
    };

    /// <summary>The document as it is committed and served.</summary>
    public static string Text() => Create().ToJsonString(s_text) + "\n";

    private static JsonObject Create()
    {
        JsonObject requests = JsonNode.Parse(File.ReadAllText(Repository.File("tests", "Konko.Server.Tests", "Reference", "requests.json")))!.AsObject();
        var wire = new WireSchemas();
        wire.Of(typeof(ErrorResponse));
        var paths = new JsonObject();
        foreach (Operation operation in Operations.All)
        {
            JsonObject methods = paths[operation.Path] as JsonObject ?? [];
            paths[operation.Path] = methods;
            methods[operation.Method.ToLowerInvariant()] = Of(operation, wire);
            if (operation.HasHead) methods["head"] = Head(operation);
        }

        var schemas = new SortedDictionary<string, JsonObject>(wire.All, StringComparer.Ordinal);
        foreach ((string name, JsonNode? schema) in requests["schemas"]!.AsObject()) schemas.Add(name, RequestSchema(schema!.AsObject(), requests["shared"]!.AsObject()));
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema",
            ["info"] = new JsonObject
            {
                ["title"] = "Konko",
                ["version"] = "1",
                ["license"] = new JsonObject { ["name"] = "Apache 2.0", ["identifier"] = "Apache-2.0" },
                ["description"] = File.ReadAllText(Repository.File("tests", "Konko.Server.Tests", "Reference", "introduction.md")).Trim(),
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["key"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. Operations.All.Select(operation => operation.Tag).Distinct().Select(tag => (JsonNode)new JsonObject { ["name"] = tag })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "A key of the server's. A server without keys takes any, or none." } },
                ["parameters"] = Parameters(),
                ["headers"] = Headers(),
                ["responses"] = new JsonObject([.. s_errors.Select(error => KeyValuePair.Create($"Error{error.Key}", (JsonNode?)Error(error.Key, error.Value)))]),
                ["schemas"] = new JsonObject([.. schemas.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value))]),
            },
        };
    }

    private static JsonObject Of(Operation operation, WireSchemas wire)
    {
        List<(Exchange Exchange, string Summary)> examples = [.. from example in operation.Examples
                                                                 from exchange in Exchange.Read(example.Transcript)
                                                                 where exchange.Method == operation.Method && exchange.Status == operation.Success && Matches(operation.Path, exchange.Path)
                                                                 select (exchange, example.Summary)];
        var result = new JsonObject { ["operationId"] = operation.Id, ["tags"] = new JsonArray(operation.Tag), ["summary"] = operation.Summary, ["description"] = operation.Description };
        if (operation.IsOpen) result["security"] = new JsonArray(new JsonObject());
        result["parameters"] = new JsonArray([.. operation.Parameters.Select(name => (JsonNode)Reference("parameters", name))]);
        if (operation.Request is not null)
        {
            result["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject { [Json] = Content(Reference("schemas", operation.Request), examples.Select(example => (Streams(example.Exchange) ? example.Summary + ", streamed" : example.Summary, Parse(example.Exchange.Body)))) },
            };
        }

        var responses = new JsonObject { [Number(operation.Success)] = Success(operation, wire, examples) };
        foreach (int status in operation.Errors) responses[Number(status)] = Reference("responses", $"Error{status}");
        result["responses"] = responses;
        return result;
    }

    private static JsonObject Head(Operation operation)
    {
        var responses = new JsonObject { ["200"] = new JsonObject { ["description"] = "The same without a body.", ["headers"] = HeadersOf([]) } };
        foreach (int status in operation.Errors) responses[Number(status)] = new JsonObject { ["description"] = "The same without a body.", ["headers"] = HeadersOf([]) };
        var result = new JsonObject { ["operationId"] = operation.Id + "Head", ["tags"] = new JsonArray(operation.Tag), ["summary"] = operation.Summary + " Without the body" };
        if (operation.IsOpen) result["security"] = new JsonArray(new JsonObject());
        result["responses"] = responses;
        return result;
    }

    private static JsonObject Success(Operation operation, WireSchemas wire, List<(Exchange Exchange, string Summary)> examples)
    {
        var content = new JsonObject();
        if (operation.Answer is not null)
            content[Json] = Content(wire.Of(operation.Answer), examples.Where(example => !Streams(example.Exchange)).Select(example => (example.Summary, Parse(example.Exchange.Answer))));
        if (operation.Event is not null || operation.IsAnyStream)
        {
            Type[] events = operation.IsAnyStream ? [.. Operations.All.Select(other => other.Event).OfType<Type>()] : [operation.Event!];
            JsonObject stream = Content(
                new JsonObject { ["type"] = "string", ["description"] = "Server-sent events. The data of each is JSON of the schema in `x-event-schema`; that of the last one is `[DONE]`, or an error." },
                examples.Where(example => Streams(example.Exchange)).Select(example => (example.Summary, (JsonNode?)example.Exchange.Answer)));
            stream["x-event-schema"] = new JsonObject { ["anyOf"] = new JsonArray([.. events.Append(typeof(ErrorResponse)).Select(type => (JsonNode)wire.Of(type))]) };
            content[EventStream] = stream;
        }

        if (operation.Media is not null) content[operation.Media] = new JsonObject { ["schema"] = operation.Media == Json ? new JsonObject { ["type"] = "object" } : new JsonObject { ["type"] = "string" } };
        var success = new JsonObject { ["description"] = content.Count > 1 ? "The answer; which of both it is, the body's `stream` decides." : operation.Success == 204 ? "Done." : "The answer.", ["headers"] = HeadersOf(operation.Headers) };
        if (content.Count > 0) success["content"] = content;
        return success;
    }

    private static JsonObject Error(int status, string description)
    {
        string[] headers = status switch { 401 => ["WWW-Authenticate"], 429 or 503 => ["Retry-After", "x-should-retry"], _ => [] };
        IEnumerable<Exchange> said = s_errorTranscripts.SelectMany(Exchange.Read).Where(exchange => exchange.Status == status).DistinctBy(exchange => exchange.Answer);
        return new JsonObject
        {
            ["description"] = description,
            ["headers"] = HeadersOf(headers),
            ["content"] = new JsonObject { [Json] = Content(Reference("schemas", nameof(ErrorResponse)), said.Select(exchange => ($"{exchange.Method} {exchange.Path}", Parse(exchange.Answer)))) },
        };
    }

    private static JsonObject Content(JsonObject schema, IEnumerable<(string Summary, JsonNode? Value)> examples)
    {
        var content = new JsonObject { ["schema"] = schema };
        var named = new JsonObject();
        foreach ((string summary, JsonNode? value) in examples) named[$"example{named.Count + 1}"] = new JsonObject { ["summary"] = summary, ["value"] = value };
        if (named.Count > 0) content["examples"] = named;
        return content;
    }

    // What every optional member takes beside, and members that stand in several requests, are written in one place.
    private static JsonObject RequestSchema(JsonObject written, JsonObject shared)
    {
        JsonObject schema = written.DeepClone().AsObject();
        if (schema["properties"] is not JsonObject properties || schema.ContainsKey("type")) return schema;
        string[] required = [.. schema["required"]!.AsArray().Select(name => (string)name!)];
        var all = new JsonObject();
        foreach ((string name, JsonNode? own) in properties)
        {
            JsonObject property = (own!.GetValueKind() == JsonValueKind.True ? shared[name]! : own).DeepClone().AsObject();
            all[name] = required.Contains(name) ? property : WireSchemas.OrNull(property);
        }

        var result = new JsonObject { ["type"] = "object" };
        if (schema["description"] is { } description) result["description"] = description.DeepClone();
        result["required"] = schema["required"]!.DeepClone();
        result["properties"] = all;
        return result;
    }

    private static JsonObject Parameters() => new()
    {
        ["RequestId"] = Parameter("X-Request-Id", "header", "Comes back as `x-request-id` where it is sane; `X-Client-Request-Id` does the same.", new JsonObject { ["type"] = "string" }),
        ["Resumable"] = Parameter("X-Konko-Resumable", "header", "`true` keeps the stream, as `stream_options.resumable` does.", new JsonObject { ["type"] = "string" }),
        ["Helper"] = Parameter("X-Stainless-Helper-Method", "header", "SDKs send `chat.completions.stream` where a helper concatenates every string of the deltas: `role` then stands in each choice's first delta only.", new JsonObject { ["type"] = "string" }),
        ["LastEventId"] = Parameter("Last-Event-ID", "header", "The last event that the reader has; without it the stream comes from its beginning. At the end of a stream that has ended, its last event comes again.", new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = int.MaxValue }),
        ["StreamId"] = Parameter("id", "path", "The `id` of the stream's answer.", new JsonObject { ["type"] = "string", ["format"] = "uuid" }),
        ["ModelId"] = Parameter("id", "path", "A model's id or alias.", new JsonObject { ["type"] = "string" }),
    };

    private static JsonObject Parameter(string name, string place, string description, JsonObject schema)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["description"] = description, ["schema"] = schema };
        if (place == "path") parameter["required"] = true;
        return parameter;
    }

    private static JsonObject Headers() => new()
    {
        ["x-request-id"] = Header("The call's name, in the server's log too."),
        ["openai-processing-ms"] = Header("Milliseconds before the answer began."),
        ["x-konko-model"] = Header("The model's id, where it was asked for by an alias too."),
        ["x-konko-provider"] = Header("Who computes; `local` is the embedded engine."),
        ["x-konko-seed"] = Header("The seed that gives the same answer again."),
        ["WWW-Authenticate"] = Header("`Bearer`."),
        ["Retry-After"] = Header("Seconds after which to try again."),
        ["x-should-retry"] = Header("`false` where trying again is of no use."),
    };

    private static JsonObject Header(string description) => new() { ["description"] = description, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject HeadersOf(IEnumerable<string> names)
        => new([.. names.Prepend("openai-processing-ms").Prepend("x-request-id").Select(name => KeyValuePair.Create(name, (JsonNode?)Reference("headers", name)))]);

    private static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    private static bool Streams(Exchange exchange) => exchange.AnswerHeaders.Any(header => header.Name == "Content-Type" && header.Value.StartsWith(EventStream, StringComparison.Ordinal));

    private static bool Matches(string template, string path)
        => template.IndexOf('{', StringComparison.Ordinal) is >= 0 and int brace ? path.StartsWith(template[..brace], StringComparison.Ordinal) : path == template;

    private static JsonNode? Parse(string json) => JsonNode.Parse(json);

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);
}
