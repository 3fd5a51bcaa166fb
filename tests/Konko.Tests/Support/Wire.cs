using System.Text.Json;

namespace Konko.Tests.Support;

/// <summary>Bytes as a server sends them.</summary>
internal static class Wire
{
    public const string Id = "a91c0730-161f-4885-aa5f-076da3dfa8c8";

    public const string Done = "data: [DONE]\n\n";

    /// <summary>A chunk of a chat answer that adds a text.</summary>
    public static string Chunk(string text, string? finish = null, string id = Id) =>
        $$"""{"id":"{{id}}","object":"chat.completion.chunk","created":1704899844,"model":"org/tiny","system_fingerprint":null,"choices":[{"index":0,"delta":{"role":"assistant","content":{{JsonSerializer.Serialize(text)}},"function_call":null,"tool_calls":null},"logprobs":null,"finish_reason":{{JsonSerializer.Serialize(finish)}}}],"token":{"id":4400,"text":{{JsonSerializer.Serialize(text)}},"logprob":-0.21,"special":false},"generated_text":null,"details":null,"stats":null,"usage":null}""";

    public static string Event(string data) => $"data: {data}\n\n";

    /// <summary>The event of a text.</summary>
    public static string Says(string text, string? finish = null) => Event(Chunk(text, finish));

    /// <summary>The numbered event of a text, of a resumable stream.</summary>
    public static string Says(int number, string text) => $"id: {number}\n" + Says(text);

    public const string Whole = """{"id":"a91c0730-161f-4885-aa5f-076da3dfa8c8","object":"chat.completion","created":1704899844,"model":"org/tiny","choices":[{"index":0,"message":{"role":"assistant","content":" Our policy","function_call":null,"tool_calls":null},"finish_reason":"stop","logprobs":null}],"system_fingerprint":null,"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":0}},"service_tier":"best"}""";
}
