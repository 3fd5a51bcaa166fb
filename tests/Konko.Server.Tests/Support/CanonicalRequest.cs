using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Engine.Sampling;
using Konko.Server.Api.Answers;
using Konko.Server.Providers;

namespace Konko.Server.Tests.Support;

/// <summary>Writes a parsed request down in one form, whatever form it came in.</summary>
internal static class CanonicalRequest
{
    public static string Write(AnswerRequest request, bool chat, long seed)
    {
        var raw = new List<JsonElement>();
        SamplingParameters s = request.Sampling;
        var body = new JsonObject
        {
            ["model"] = request.Model,
            ["max_tokens"] = request.MaxTokens,
            ["temperature"] = s.Temperature,
            ["top_p"] = s.TopP,
            ["top_k"] = s.TopK,
            ["min_p"] = s.MinP,
            ["typical_p"] = s.TypicalP,
            ["repetition_penalty"] = s.RepetitionPenalty,
            ["presence_penalty"] = s.PresencePenalty,
            ["frequency_penalty"] = s.FrequencyPenalty,
            ["logit_bias"] = new JsonObject(s.LogitBias.Select(entry => KeyValuePair.Create($"{entry.Key}", (JsonNode?)entry.Value))),
            ["min_tokens"] = s.MinTokens,
            ["ignore_eos"] = s.IgnoreEos,
            ["seed"] = seed,
            ["n"] = request.Choices,
            ["stop"] = new JsonArray([.. request.Stop.Select(stop => (JsonNode)stop)]),
            ["details"] = request.Details,
        };
        if (chat)
        {
            body["logprobs"] = s.TopLogProbs is not null;
            body["top_logprobs"] = s.TopLogProbs;
            var prompt = (ChatPrompt)request.Prompts.Single();
            body["messages"] = new JsonArray([.. prompt.Messages.Select(message => Message(message, raw))]);
            if (prompt.TemplateVariables is { } variables)
                body["chat_template_kwargs"] = new JsonObject(variables.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)Raw(v.Value, raw))));
        }
        else
        {
            body["logprobs"] = s.TopLogProbs;
            body["echo"] = request.Echo;
            body["best_of"] = request.Candidates;
            if (request.Prompts.OfType<TextPrompt>().Select(prompt => prompt.Suffix).FirstOrDefault() is string suffix) body["suffix"] = suffix;
            body["prompt"] = new JsonArray([.. request.Prompts.Select(Prompt)]);
        }

        string json = body.ToJsonString();
        for (int i = 0; i < raw.Count; i++) json = json.Replace($"\"\\u003Craw {i}\\u003E\"", raw[i].GetRawText(), StringComparison.Ordinal);
        return json;
    }

    // What is handed on unread goes back as it came, repeated keys included, which a node could not hold.
    private static string Raw(JsonElement element, List<JsonElement> raw)
    {
        raw.Add(element);
        return $"<raw {raw.Count - 1}>";
    }

    private static JsonNode Prompt(Prompt prompt) => prompt is TextPrompt text ? text.Text : new JsonArray([.. ((TokenPrompt)prompt).Ids.Select(id => (JsonNode)id)]);

    private static JsonObject Message(ChatMessage message, List<JsonElement> raw)
    {
        var fields = new JsonObject { ["role"] = message.Role };
        if (message.Content is { } content)
        {
            fields["content"] = content.IsList
                ? new JsonArray([.. content.Parts.Select(part => new JsonObject { ["type"] = "text", ["text"] = part })])
                : content.Parts[0];
        }

        if (message.Name is not null) fields["name"] = message.Name;
        if (message.ToolCalls is { } calls) fields["tool_calls"] = Raw(calls, raw);
        if (message.ToolCallId is not null) fields["tool_call_id"] = message.ToolCallId;
        if (message.ReasoningContent is not null) fields["reasoning_content"] = message.ReasoningContent;
        return fields;
    }
}
