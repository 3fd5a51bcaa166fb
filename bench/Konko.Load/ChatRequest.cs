using System.Text;
using System.Text.Json;

namespace Konko.Load;

/// <summary>One question: its body, and after how many tokens its client goes away.</summary>
/// <param name="Body">The JSON to post.</param>
/// <param name="LeavesAfter">Tokens after which the client is gone; null if it stays.</param>
internal sealed record ChatRequest(byte[] Body, int? LeavesAfter)
{
    private const string System = "You are a helpful assistant of an online store. Answer in plain words.";

    private static readonly string[] Words =
        ("order parcel return policy size colour price store delivery today week blue green large small gift card invoice account address " +
         "change cancel refund repair warranty shoes coat lamp table chair bread coffee question answer please where when how why which").Split(' ');

    /// <summary>The question number <paramref name="index"/>: the same for the same seed, whoever asks it and when.</summary>
    public static ChatRequest Draw(LoadOptions options, int index)
    {
#pragma warning disable CA5394 // Load is drawn to be repeated, not to be secret.
        Random random = new(HashCode(options.Seed, index));
        StringBuilder question = new();
        for (int words = random.Next(1, options.PromptWords + 1); words > 0; words--)
            question.Append(Words[random.Next(Words.Length)]).Append(words > 1 ? ' ' : '?');
        int maxTokens = random.Next(Math.Max(1, options.MaxTokens / 4), options.MaxTokens + 1);
        int? leavesAfter = random.NextDouble() < options.Vanish ? random.Next(1, Math.Max(2, maxTokens / 2)) : null;
        int seed = random.Next();
#pragma warning restore CA5394
        return new ChatRequest(Write(options.Model, question.ToString(), maxTokens, seed), leavesAfter);
    }

    private static byte[] Write(string model, string question, int maxTokens, int seed)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteStartArray("messages");
            WriteMessage(json, "system", System);
            WriteMessage(json, "user", question);
            json.WriteEndArray();
            json.WriteNumber("max_tokens", maxTokens);
            json.WriteNumber("temperature", 0.8);
            json.WriteNumber("seed", seed);
            json.WriteBoolean("stream", true);
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    // System.HashCode has another seed in every process.
    private static int HashCode(int seed, int index) => unchecked((seed * 397) ^ (index * 0x5bd1e995));
}
