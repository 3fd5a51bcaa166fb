using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Konko.Abstractions;

/// <summary>Makes requests of what Microsoft.Extensions.AI gives.</summary>
internal static class ChatRequests
{
    // What a model reads costs tokens: no line breaks in it.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    private static readonly JsonTypeInfo<IDictionary<string, object?>> Arguments = (JsonTypeInfo<IDictionary<string, object?>>)Compact.GetTypeInfo(typeof(IDictionary<string, object?>));

    private static readonly JsonTypeInfo<object> Anything = (JsonTypeInfo<object>)Compact.GetTypeInfo(typeof(object));

    /// <summary>The request.</summary>
    public static ChatRequest From(IEnumerable<ChatMessage> messages, ChatOptions? options, string model)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var request = options?.RawRepresentationFactory is { } factory && factory(null!) is ChatRequest raw ? raw : new ChatRequest { Model = "", Messages = [] };
        IEnumerable<Message> sent = messages.SelectMany(Messages);
        if (options?.Instructions is { Length: > 0 } instructions) sent = sent.Prepend(Message.System(instructions));
        Tool[] tools = [.. (options?.Tools ?? []).OfType<AIFunctionDeclaration>().Select(function => Tool.From(function, Strict(function)))];
        return request with
        {
            Model = options?.ModelId ?? (request.Model.Length > 0 ? request.Model : model),
            Messages = [.. sent],
            Temperature = options?.Temperature ?? request.Temperature,
            TopP = options?.TopP ?? request.TopP,
            MaxTokens = options?.MaxOutputTokens ?? request.MaxTokens,
            PresencePenalty = options?.PresencePenalty ?? request.PresencePenalty,
            FrequencyPenalty = options?.FrequencyPenalty ?? request.FrequencyPenalty,
            Seed = options?.Seed ?? request.Seed,
            Stop = options?.StopSequences is { Count: > 0 } stop ? [.. stop] : request.Stop,
            Tools = tools.Length > 0 ? tools : request.Tools,
            ToolChoice = tools.Length > 0 ? Choice(options!.ToolMode) : request.ToolChoice,
            ParallelToolCalls = tools.Length > 0 ? options!.AllowMultipleToolCalls : request.ParallelToolCalls,
            ResponseFormat = Format(options?.ResponseFormat) ?? request.ResponseFormat,
            Extra = Extra(options, request.Extra),
        };
    }

    /// <summary>A call that the model asks for. Arguments that are no JSON are told as the failure that they are.</summary>
    public static FunctionCallContent Call(string id, FunctionCall function) => FunctionCallContent.CreateFromParsedArguments(
        function.Arguments, id, function.Name ?? "", static text => text.Length == 0 ? null : JsonSerializer.Deserialize(text, Arguments));

    /// <summary>One message, or one for each result of a tool.</summary>
    private static IEnumerable<Message> Messages(ChatMessage message)
    {
        FunctionResultContent[] results = [.. message.Contents.OfType<FunctionResultContent>()];
        foreach (FunctionResultContent result in results) yield return Message.Tool(result.CallId, Result(result));
        if (results.Length > 0 && message.Text.Length == 0) yield break;
        ToolCall[] calls = [.. message.Contents.OfType<FunctionCallContent>().Select(call => new ToolCall
        {
            Id = call.CallId,
            Function = new FunctionCall { Name = call.Name, Arguments = call.Arguments is null ? "{}" : JsonSerializer.Serialize(call.Arguments, Arguments) },
        })];
        yield return new Message
        {
            Role = message.Role.Value,
            Content = message.Text.Length == 0 && calls.Length > 0 ? null : message.Text,
            Name = message.AuthorName,
            ToolCalls = calls.Length == 0 ? null : calls,
        };
    }

    private static string Result(FunctionResultContent result) => result.Result switch
    {
        null => result.Exception is { } failed ? "Error: " + failed.Message : "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } value => JsonSerializer.Serialize(value, Anything),
    };

    private static bool? Strict(AIFunctionDeclaration function) => function.AdditionalProperties.TryGetValue("strict", out object? strict) ? strict as bool? : null;

    private static ToolChoice? Choice(ChatToolMode? mode) => mode switch
    {
        NoneChatToolMode => ToolChoice.None,
        AutoChatToolMode => ToolChoice.Auto,
        RequiredChatToolMode { RequiredFunctionName: { } name } => ToolChoice.Function(name),
        RequiredChatToolMode => ToolChoice.Required,
        _ => null,
    };

    private static ResponseFormat? Format(ChatResponseFormat? format) => format switch
    {
        ChatResponseFormatJson { Schema: { } schema } json => ResponseFormat.ForSchema(schema, json.SchemaName ?? "answer"),
        ChatResponseFormatJson => ResponseFormat.JsonObject,
        ChatResponseFormatText => ResponseFormat.Text,
        _ => null,
    };

    private static JsonObject? Extra(ChatOptions? options, JsonObject? own)
    {
        if (options?.TopK is null && options?.AdditionalProperties is not { Count: > 0 }) return own;
        JsonObject extra = own?.DeepClone().AsObject() ?? [];
        if (options.TopK is { } topK) extra["top_k"] = topK;
        foreach ((string name, object? value) in options.AdditionalProperties ?? [])
            extra[name] = value is null ? null : JsonSerializer.SerializeToNode(value, Compact.GetTypeInfo(value.GetType()));
        return extra;
    }
}
