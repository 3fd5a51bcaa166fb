using System.Text;
using System.Text.Json;

namespace Konko.Load;

/// <summary>One question, and after how many tokens its client goes away.</summary>
/// <param name="System">The system prompt.</param>
/// <param name="Question">The user's message.</param>
/// <param name="MaxTokens">Most tokens of the answer.</param>
/// <param name="Seed">The seed to sample with.</param>
/// <param name="IgnoreEnd">Whether the answer goes on past the model's own end, so that all answers are equally long.</param>
/// <param name="LeavesAfter">Tokens after which the client is gone; null if it stays.</param>
internal sealed record ChatRequest(string System, string Question, int MaxTokens, int Seed, bool IgnoreEnd, int? LeavesAfter)
{
    /// <summary>The temperature of every request.</summary>
    public const float Temperature = 0.8f;

    private const string DefaultSystem = "You are a helpful assistant of an online store. Answer in plain words.";

    private static readonly string[] Words =
        ("order parcel return policy size colour price store delivery today week blue green large small gift card invoice account address " +
         "change cancel refund repair warranty shoes coat lamp table chair bread coffee question answer please where when how why which").Split(' ');

    /// <summary>The question number <paramref name="index"/>: the same for the same seed, whoever asks it and when.</summary>
    /// <param name="shape">How long questions and answers are.</param>
    /// <param name="index">0 and on.</param>
    public static ChatRequest Draw(RequestShape shape, int index)
    {
#pragma warning disable CA5394 // Load is drawn to be repeated, not to be secret.
        Random random = new(HashCode(shape.Seed, index));
        int words = shape.Exact ? shape.PromptWords : random.Next(1, shape.PromptWords + 1);
        string question = Text(random, words) + "?";
        int maxTokens = shape.Exact ? shape.MaxTokens : random.Next(Math.Max(1, shape.MaxTokens / 4), shape.MaxTokens + 1);
        int? leavesAfter = random.NextDouble() < shape.Vanish ? random.Next(1, Math.Max(2, maxTokens / 2)) : null;
        return new ChatRequest(DefaultSystem, question, maxTokens, random.Next(), shape.Exact, leavesAfter);
#pragma warning restore CA5394
    }

    /// <summary>The body to post.</summary>
    /// <param name="model">The model's id.</param>
    public byte[] Body(string model)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteStartArray("messages");
            WriteMessage(json, "system", System);
            WriteMessage(json, "user", Question);
            json.WriteEndArray();
            json.WriteNumber("max_tokens", MaxTokens);
            json.WriteNumber("temperature", Temperature);
            json.WriteNumber("seed", Seed);
            json.WriteBoolean("stream", true);
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            json.WriteEndObject();
            // No field of OpenAI's, but of every server that measures itself.
            if (IgnoreEnd) json.WriteBoolean("ignore_eos", true);
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private static string Text(Random random, int count)
    {
        StringBuilder text = new();
#pragma warning disable CA5394
        for (int words = count; words > 0; words--) text.Append(Words[random.Next(Words.Length)]).Append(words > 1 ? " " : "");
#pragma warning restore CA5394
        return text.ToString();
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
