using System.Text;
using System.Text.Json.Nodes;

namespace Konko.Server.Tests.Support;

/// <summary>Breaks request bodies: as JSON, and as bytes.</summary>
internal static class BodyMutator
{
    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-0", "-0.0", "1", "-1", "1.0", "0.1", "2", "4", "5", "16", "128", "129", "1e0", "1e1", "1e999", "-1e999", "1e-999", "1E+2", "2147483647", "2147483648",
        "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "123456789012345678901234567890", "3.00000000000000000000001",
        "\"\"", "\"a\"", "\"STOP\"", "\"NaN\"", "\"Infinity\"", "\"1\"", "\"assistant\"", "\"assistantassistant\"", "\"\\u0000\"", "\"\\ud83d\\ude42\"", "\"\\ud83d\"", "\"\\n\\r\\u2028\"", "\"🙂\"",
        "[]", "[null]", "[[]]", "[[1]]", "[\"a\",\"b\"]", "[1,2,3]", "[\"\"]", "{}", "{\"type\":\"text\"}", "{\"type\":\"json_object\"}", "{\"include_usage\":true}", "{\"resumable\":false}", "{\"5\":1}",
        "[{\"role\":\"user\",\"content\":\"x\"}]", "{\"a\":{\"b\":[{\"c\":null}]}}",
    ];

    private static readonly string[] s_names =
    [
        "model", "messages", "prompt", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "min_p", "typical_p", "repetition_penalty", "n", "best_of", "stop",
        "presence_penalty", "frequency_penalty", "logit_bias", "seed", "logprobs", "top_logprobs", "echo", "suffix", "stream", "stream_options", "details", "tools", "tool_choice",
        "parallel_tool_calls", "functions", "function_call", "response_format", "guided_regex", "chat_template_kwargs", "reasoning_effort", "ignore_eos", "min_tokens", "user", "metadata", "store",
        "role", "content", "type", "text", "name", "tool_calls", "tool_call_id", "", "\\u006eame", "☃",
    ];

    private static readonly byte[][] s_bytes =
    [
        [0], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], "\\ud800"u8.ToArray(), "\\u"u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(),
        "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "\n"u8.ToArray(), "1e"u8.ToArray(), "-"u8.ToArray(), "//"u8.ToArray(), [.. Enumerable.Repeat((byte)'[', 200)],
        [.. Enumerable.Repeat((byte)'9', 400)],
    ];

    public static byte[] Next(Random random, JsonObject request)
    {
        string text = request.ToJsonString();
        // Members appended at the end override those before: the parser takes the last of a kind.
        for (int i = random.Next(4); i > 0; i--) text = $"{text[..^1]},\"{Pick(random, s_names)}\":{Pick(random, s_values)}}}";
        if (random.Next(3) == 0) text = Replace(random, text);
        byte[] body = Encoding.UTF8.GetBytes(text);
        if (random.Next(3) > 0) return body;
        for (int i = random.Next(1, 4); i > 0; i--) body = Break(random, body);
        return body;
    }

    private static string Replace(Random random, string text)
    {
        // A value at a random place, found by its colon; inside strings too, which is as good.
        int colon = text.IndexOf(':', random.Next(text.Length));
        int end = colon < 0 ? -1 : text.IndexOfAny([',', '}', ']'], colon);
        return end < 0 ? text : string.Concat(text.AsSpan(0, colon + 1), Pick(random, s_values), text.AsSpan(end));
    }

    /// <summary>Breaks bytes.</summary>
    public static byte[] Break(Random random, byte[] body)
    {
        if (body.Length == 0) return body;
        int at = random.Next(body.Length);
        int length = random.Next(Math.Min(20, body.Length - at) + 1);
        return random.Next(5) switch
        {
            0 => [.. body[..at], (byte)random.Next(256), .. body[(at + 1)..]],
            1 => [.. body[..at], .. body[(at + length)..]],
            2 => [.. body[..(at + length)], .. body[at..]],
            3 => [.. body[..at], .. s_bytes[random.Next(s_bytes.Length)], .. body[at..]],
            _ => body[..at],
        };
    }

    private static string Pick(Random random, string[] list) => list[random.Next(list.Length)];
}
