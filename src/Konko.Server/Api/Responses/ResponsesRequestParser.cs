using System.Text.Json;
using Konko.Server.Api.Answers;
using Konko.Server.Api.Validation;
using Konko.Server.Generation.Rendering;
using Konko.Server.Providers;

namespace Konko.Server.Api.Responses;

/// <summary>Parses the body of <c>POST /v1/responses</c>.</summary>
internal static class ResponsesRequestParser
{
    private static readonly JsonElement s_noMetadata = JsonDocument.Parse("{}").RootElement;

    /// <summary>Parses a request.</summary>
    /// <param name="parameters">The body; holds the error afterwards, if there is one.</param>
    /// <param name="defaultMaxTokens">Most tokens where the caller does not say; null is as many as there is room for.</param>
    /// <returns>The request; worth nothing if the parameters failed.</returns>
    public static AnswerRequest Parse(Parameters parameters, int? defaultMaxTokens)
    {
        RefuseState(parameters);
        RefuseUnbuilt(parameters);
        string? instructions = parameters.Text("instructions");
        string? effort = parameters.Object("reasoning")?.Text("effort");
        List<ChatMessage> messages = InputParser.Parse(parameters);
        if (instructions is not null) messages.Insert(0, new ChatMessage("system", new MessageContent([instructions], IsList: false)));
        var prompt = new ChatPrompt(messages)
        {
            TemplateVariables = effort is null ? null : new Dictionary<string, JsonElement> { ["reasoning_effort"] = JsonElementOf(parameters, "reasoning", "effort") },
        };
        long? most = parameters.Integer("max_output_tokens", 0);
        int? maxTokens = most is long limit ? (int)Math.Min(limit, int.MaxValue) : defaultMaxTokens;
        AnswerRequest request = AnswerParameters.Read(parameters, [prompt], topLogProbs: null, maxTokens);
        return request with
        {
            Choices = 1,
            IncludeUsage = false,
            Response = new ResponseEcho
            {
                Instructions = instructions,
                MaxOutputTokens = most,
                Metadata = parameters.Object("metadata") is null ? s_noMetadata : parameters.Value("metadata")!.Value.Clone(),
                ReasoningEffort = effort,
                Temperature = parameters.Number("temperature", 0, 2) ?? 1,
                TopP = parameters.Number("top_p", 0, 1, aboveMin: true) ?? 1,
                User = parameters.Text("user"),
            },
        };
    }

    private static JsonElement JsonElementOf(Parameters parameters, string name, string member) => parameters.Value(name)!.Value.GetProperty(member).Clone();

    private static void RefuseState(Parameters parameters)
    {
        const string reason = "cannot be used: this server keeps no responses. Send the whole conversation as 'input'.";
        if (parameters.Boolean("store")) parameters.Fail("store", "cannot be true: this server keeps no responses.");
        if (parameters.Boolean("background")) parameters.Fail("background", "cannot be true: this server keeps no responses.");
        foreach (string name in (string[])["previous_response_id", "conversation", "prompt"])
            if (parameters.Value(name) is not null) parameters.Fail(name, reason);
    }

    private static void RefuseUnbuilt(Parameters parameters)
    {
        foreach (string name in (string[])["tools", "functions"])
            if (parameters.List(name) is { } tools && tools.GetArrayLength() > 0) parameters.Fail(name, AnswerUnbuilt.Reason);
        foreach (string name in (string[])["tool_choice", "function_call"])
            if (parameters.Value(name) is { } choice && !(choice.ValueKind == JsonValueKind.String && choice.GetString() is "none" or "auto")) parameters.Fail(name, AnswerUnbuilt.Reason);
        if (parameters.Text("truncation") is not (null or "disabled")) parameters.Fail("truncation", "can only be \"disabled\": nothing of the input is dropped.");
        if (parameters.Integer("top_logprobs", 0, 20) > 0) parameters.Fail("top_logprobs", AnswerUnbuilt.Reason);
        // The others ask for what only tools and stored thoughts have, and there is none of it.
        if (parameters.List("include") is { } include && include.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals("message.output_text.logprobs")))
            parameters.Fail("include", "cannot ask for log-probabilities: that " + AnswerUnbuilt.Reason);
        if (OutputConstraint.Read(parameters) is { } constraint) parameters.Fail(constraint.Parameter, "is not supported here: POST /v1/chat/completions has constrained output.");
        if (parameters.Object("text")?.Object("format") is { } format && format.Text("type") != "text")
            format.Fail("type", "can only be \"text\" here: POST /v1/chat/completions has constrained output.");
    }
}
