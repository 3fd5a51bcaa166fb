using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Konko.Json;
using Konko.Protocol.Answers;
using Konko.Protocol.Chat;

namespace Konko.Streaming;

/// <summary>
/// Reads chat chunks, one for each token of an answer. By hand, for two reasons: id, model and the like are the same in every
/// chunk and become the same strings here, and generated readers of records box each property on its way into the constructor.
/// </summary>
internal sealed class ChatChunkParser : ChunkParser<ChatCompletionChunk>
{
    private static readonly JsonTypeInfo<AnswerDetails> Details = SdkJson.Of<AnswerDetails>();
    private static readonly JsonTypeInfo<AnswerStats> Stats = SdkJson.Of<AnswerStats>();
    private static readonly JsonTypeInfo<CompletionUsage> Usage = SdkJson.Of<CompletionUsage>();
    private static readonly JsonTypeInfo<ChatLogprobs> Logprobs = SdkJson.Of<ChatLogprobs>();
    private static readonly JsonTypeInfo<FunctionCall> Function = SdkJson.Of<FunctionCall>();
    private static readonly JsonTypeInfo<IReadOnlyList<ToolCallDelta>> ToolCalls = SdkJson.Of<IReadOnlyList<ToolCallDelta>>();

    private string? _id, _object, _model, _fingerprint, _role;

    public override ChatCompletionChunk Parse(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Read();
        ChatCompletionChunk chunk = Chunk(ref json);
        if (json.Read()) throw new JsonException("Something follows the object.");
        return chunk;
    }

    private ChatCompletionChunk Chunk(ref Utf8JsonReader json)
    {
        string? id = null, kind = null, model = null, fingerprint = null, generated = null;
        long created = 0;
        IReadOnlyList<ChatChunkChoice>? choices = null;
        AnswerToken? token = null;
        AnswerDetails? details = null;
        AnswerStats? stats = null;
        CompletionUsage? usage = null;
        Dictionary<string, JsonElement>? extra = null;
        RequireObject(ref json);
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("id"u8)) id = Repeated(ref json, ref _id);
            else if (json.ValueTextEquals("object"u8)) kind = Repeated(ref json, ref _object);
            else if (json.ValueTextEquals("created"u8)) created = Int64(ref json);
            else if (json.ValueTextEquals("model"u8)) model = Repeated(ref json, ref _model);
            else if (json.ValueTextEquals("system_fingerprint"u8)) fingerprint = Repeated(ref json, ref _fingerprint);
            else if (json.ValueTextEquals("choices"u8)) choices = Choices(ref json);
            else if (json.ValueTextEquals("token"u8)) token = Token(ref json);
            else if (json.ValueTextEquals("generated_text"u8)) generated = Text(ref json);
            else if (json.ValueTextEquals("details"u8)) details = Value(ref json, Details);
            else if (json.ValueTextEquals("stats"u8)) stats = Value(ref json, Stats);
            else if (json.ValueTextEquals("usage"u8)) usage = Value(ref json, Usage);
            else Keep(ref json, ref extra);
        }

        return new ChatCompletionChunk
        {
            Id = id!, Object = kind!, Created = created, Model = model!, SystemFingerprint = fingerprint, Choices = choices!, Token = token,
            GeneratedText = generated, Details = details, Stats = stats, Usage = usage, Extra = extra,
        };
    }

    private ChatChunkChoice[]? Choices(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.StartArray) throw new JsonException("'choices' is no list.");
        ChatChunkChoice[] choices = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            // Nearly always there is one.
            Array.Resize(ref choices, choices.Length + 1);
            choices[^1] = Choice(ref json);
        }

        return choices;
    }

    private ChatChunkChoice Choice(ref Utf8JsonReader json)
    {
        int index = 0;
        ChoiceDelta? delta = null;
        ChatLogprobs? logprobs = null;
        string? finish = null;
        Dictionary<string, JsonElement>? extra = null;
        RequireObject(ref json);
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("index"u8)) index = Int32(ref json);
            else if (json.ValueTextEquals("delta"u8)) delta = Delta(ref json);
            else if (json.ValueTextEquals("logprobs"u8)) logprobs = Value(ref json, Logprobs);
            else if (json.ValueTextEquals("finish_reason"u8)) finish = Text(ref json);
            else Keep(ref json, ref extra);
        }

        return new ChatChunkChoice { Index = index, Delta = delta!, Logprobs = logprobs, FinishReason = finish, Extra = extra };
    }

    private ChoiceDelta? Delta(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return null;
        string? role = null, content = null, reasoning = null;
        FunctionCall? function = null;
        IReadOnlyList<ToolCallDelta>? tools = null;
        Dictionary<string, JsonElement>? extra = null;
        RequireObject(ref json);
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("role"u8)) role = Repeated(ref json, ref _role);
            else if (json.ValueTextEquals("content"u8)) content = Text(ref json);
            else if (json.ValueTextEquals("function_call"u8)) function = Value(ref json, Function);
            else if (json.ValueTextEquals("tool_calls"u8)) tools = Value(ref json, ToolCalls);
            else if (json.ValueTextEquals("reasoning_content"u8)) reasoning = Text(ref json);
            else Keep(ref json, ref extra);
        }

        return new ChoiceDelta { Role = role, Content = content, FunctionCall = function, ToolCalls = tools, ReasoningContent = reasoning, Extra = extra };
    }

    private static AnswerToken? Token(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return null;
        int id = 0;
        string? text = null;
        float logprob = 0;
        bool special = false;
        RequireObject(ref json);
        while (NextProperty(ref json))
        {
            if (json.ValueTextEquals("id"u8)) id = Int32(ref json);
            else if (json.ValueTextEquals("text"u8)) text = Text(ref json);
            else if (json.ValueTextEquals("logprob"u8)) logprob = json.Read() && json.TokenType == JsonTokenType.Number ? json.GetSingle() : 0;
            else if (json.ValueTextEquals("special"u8)) special = json.Read() && json.TokenType == JsonTokenType.True;
            else Skip(ref json);
        }

        return new AnswerToken { Id = id, Text = text ?? "", Logprob = logprob, Special = special };
    }

    private static bool NextProperty(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    private static void RequireObject(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException($"An object is expected, not {json.TokenType}.");
    }

    /// <summary>A string that is likely the one that stood there before.</summary>
    private static string? Repeated(ref Utf8JsonReader json, ref string? before)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.String) throw new JsonException($"A string is expected, not {json.TokenType}.");
        return before is not null && json.ValueTextEquals(before) ? before : before = json.GetString();
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => json.GetString(),
            _ => throw new JsonException($"A string is expected, not {json.TokenType}."),
        };
    }

    private static int Int32(ref Utf8JsonReader json) => (int)Math.Clamp(Int64(ref json), int.MinValue, int.MaxValue);

    private static long Int64(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return 0;
        if (json.TokenType != JsonTokenType.Number) throw new JsonException($"A number is expected, not {json.TokenType}.");
        // Some servers write times with a fraction.
        return json.TryGetInt64(out long whole) ? whole : (long)json.GetDouble();
    }

    private static TValue? Value<TValue>(ref Utf8JsonReader json, JsonTypeInfo<TValue> type) where TValue : class
    {
        json.Read();
        return json.TokenType == JsonTokenType.Null ? null : JsonSerializer.Deserialize(ref json, type);
    }

    private static void Keep(ref Utf8JsonReader json, ref Dictionary<string, JsonElement>? extra)
    {
        string name = json.GetString()!;
        json.Read();
        (extra ??= [])[name] = JsonElement.ParseValue(ref json);
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }
}
