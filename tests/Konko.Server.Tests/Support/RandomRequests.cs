using System.Text.Json.Nodes;

namespace Konko.Server.Tests.Support;

/// <summary>Requests with parameters drawn from their whole ranges.</summary>
internal static class RandomRequests
{
    private static readonly string[] s_stops = ["STOP", "a", "aa", "ab", " the", "\n\n", "日本", "🙂", "ENDE", "ND", "é", "\uFFFD", "Eaa"];
    private static readonly string[] s_texts = ["Hello", "日本語 🙂", "", "a\u0301\u200d\u2028", "<|end|> \"quoted\\", "two\nlines", "naïve café"];

    public static JsonObject Next(Random random, bool chat)
    {
        var body = new JsonObject { ["model"] = random.Next(2) == 0 ? ApiHost.Model : "Test/Model" };
        if (chat) body["messages"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Message(random))]);
        else body["prompt"] = Prompt(random);
        Maybe(random, body, "max_tokens", () => random.Next(4) == 0 ? random.Next(3) : random.Next(60));
        Maybe(random, body, "temperature", () => random.Next(3) == 0 ? 0 : random.NextDouble() * 2);
        Maybe(random, body, "top_p", () => 1 - random.NextDouble());
        Maybe(random, body, "top_k", () => random.Next(-1, 100));
        Maybe(random, body, "min_p", () => random.NextDouble());
        Maybe(random, body, "typical_p", () => 1 - random.NextDouble());
        Maybe(random, body, "repetition_penalty", () => 0.5 + random.NextDouble());
        Maybe(random, body, "presence_penalty", () => (random.NextDouble() * 4) - 2);
        Maybe(random, body, "frequency_penalty", () => (random.NextDouble() * 4) - 2);
        Maybe(random, body, "n", () => random.Next(1, 5));
        Maybe(random, body, "stop", () => random.Next(2) == 0 ? Stop(random) : new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Stop(random))]));
        Maybe(random, body, "logit_bias", () => new JsonObject { [$"{random.Next(300)}"] = (random.NextDouble() * 200) - 100 });
        body["seed"] = random.NextInt64(long.MinValue, long.MaxValue);
        if (random.Next(3) == 0)
        {
            body["logprobs"] = chat ? true : random.Next(6);
            if (chat && random.Next(2) == 0) body["top_logprobs"] = random.Next(21);
        }

        if (!chat && random.Next(3) == 0) body["echo"] = true;
        Maybe(random, body, "details", () => random.Next(3) > 0);
        Maybe(random, body, "ignore_eos", () => random.Next(2) == 0);
        if (!body.ContainsKey("max_tokens")) Maybe(random, body, "min_tokens", () => random.Next(16));
        Maybe(random, body, "user", () => "someone");
        Maybe(random, body, "x_unknown", () => new JsonArray(1, null));
        return body;
    }

    private static void Maybe(Random random, JsonObject body, string name, Func<JsonNode?> value)
    {
        switch (random.Next(5))
        {
            case 0:
                body[name] = value();
                break;
            case 1:
                body[name] = null;
                break;
        }
    }

    private static JsonObject Message(Random random)
    {
        string[] roles = ["system", "user", "assistant", "tool", "developer", "assistantassistant"];
        return new JsonObject
        {
            ["role"] = roles[random.Next(roles.Length)],
            ["content"] = random.Next(3) > 0
                ? Text(random)
                : new JsonArray([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => new JsonObject { ["type"] = "text", ["text"] = Text(random) })]),
        };
    }

    private static JsonNode Prompt(Random random) => random.Next(6) switch
    {
        0 => new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Text(random))]),
        1 => Ids(random),
        2 => new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Ids(random))]),
        _ => Text(random),
    };

    private static JsonArray Ids(Random random) => new([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => (JsonNode)random.Next(260))]);

    private static JsonNode Text(Random random) => s_texts[random.Next(s_texts.Length)];

    private static JsonNode Stop(Random random) => s_stops[random.Next(s_stops.Length)];
}
