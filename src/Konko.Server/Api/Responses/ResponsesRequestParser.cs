using System.Text.Json;
using Konko.Protocol.Responses;
using Konko.Server.Api.Answers;
using Konko.Server.Api.ChatCompletions;
using Konko.Server.Api.Tools;
using Konko.Server.Api.Validation;
using Konko.Server.Generation.Rendering;
using Konko.Server.Providers;

namespace Konko.Server.Api.Responses;

/// <summary>Parses the body of <c>POST /v1/responses</c>.</summary>
internal static class ResponsesRequestParser
{
    private const int MaxTopLogprobs = 20;
    private const string LogProbsIncluded = "message.output_text.logprobs";

    private static readonly JsonElement s_noMetadata = JsonDocument.Parse("{}").RootElement;

    /// <summary>Parses a request.</summary>
    /// <param name="parameters">The body; holds the error afterwards, if there is one.</param>
    /// <param name="defaultMaxTokens">Most tokens where the caller does not say; null is as many as there is room for.</param>
    /// <returns>The request; worth nothing if the parameters failed.</returns>
    public static AnswerRequest Parse(Parameters parameters, int? defaultMaxTokens)
    {
        RefuseState(parameters);
        string? instructions = parameters.Text("instructions");
        Parameters? reasoning = parameters.Object("reasoning");
        List<ChatMessage> messages = InputParser.Parse(parameters);
        if (instructions is not null) messages.Insert(0, new ChatMessage("system", new MessageContent([instructions], IsList: false)));
        var prompt = new ChatPrompt(messages)
        {
            TemplateVariables = ChatRequestParser.TemplateVariables(parameters, reasoning),
            Tools = ToolParser.ParseFlat(parameters),
        };
        long? most = parameters.Integer("max_output_tokens", 0);
        int? maxTokens = most is long limit ? (int)Math.Min(limit, int.MaxValue) : defaultMaxTokens;
        AnswerRequest request = AnswerParameters.Read(parameters, [prompt], TopLogProbs(parameters), maxTokens);
        return request with
        {
            Choices = 1,
            IncludeUsage = false,
            Grammar = ToolGrammar.Compile(parameters, prompt.Tools, OutputConstraint.ReadFlat(parameters)),
            Response = new ResponseEcho
            {
                Instructions = instructions,
                MaxOutputTokens = most,
                Metadata = parameters.Object("metadata") is null ? s_noMetadata : parameters.Value("metadata")!.Value.Clone(),
                ReasoningEffort = reasoning?.Text("effort"),
                Temperature = parameters.Number("temperature", 0, 2) ?? 1,
                TopP = parameters.Number("top_p", 0, 1, aboveMin: true) ?? 1,
                User = parameters.Text("user"),
                Format = Format(parameters),
                Tools = parameters.List("tools") is { } tools ? [.. tools.EnumerateArray().Select(tool => tool.Clone())] : [],
                ToolChoice = parameters.Value("tool_choice")?.Clone(),
                ParallelToolCalls = prompt.Tools?.Parallel ?? true,
            },
        };
    }

    // The number alone asks for them too: who names it wants them.
    private static int? TopLogProbs(Parameters parameters)
    {
        long? top = parameters.Integer("top_logprobs", 0, MaxTopLogprobs);
        // All else that can be included is of what is stored, or of tools that run here, and there is none of it.
        bool isIncluded = parameters.List("include") is { } include && include.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(LogProbsIncluded));
        return isIncluded || top > 0 ? (int)(top ?? 0) : null;
    }

    private static ResponseFormat Format(Parameters parameters)
    {
        if (parameters.Object("text")?.Object("format") is not { } format) return new ResponseFormat();
        bool hasSchema = format.Text("type") == "json_schema";
        return new ResponseFormat
        {
            Type = format.Text("type") ?? "text",
            Name = hasSchema ? format.Text("name") : null,
            Description = hasSchema ? format.Text("description") : null,
            Schema = hasSchema ? format.Value("schema")?.Clone() : null,
            // A schema is always kept, whether or not it was asked for so.
            Strict = hasSchema ? true : null,
        };
    }

    private static void RefuseState(Parameters parameters)
    {
        const string reason = "cannot be used: this server keeps no responses. Send the whole conversation as 'input'.";
        if (parameters.Boolean("store")) parameters.Fail("store", "cannot be true: this server keeps no responses.");
        if (parameters.Boolean("background")) parameters.Fail("background", "cannot be true: this server keeps no responses.");
        foreach (string name in (string[])["previous_response_id", "conversation", "prompt"])
            if (parameters.Value(name) is not null) parameters.Fail(name, reason);
        if (parameters.List("functions") is { } functions && functions.GetArrayLength() > 0) parameters.Fail("functions", "is no parameter of a response: it says 'tools' instead.");
        foreach (string name in (string[])["max_tokens", "max_completion_tokens"])
            if (parameters.Value(name) is not null) parameters.Fail(name, "is no parameter of a response: it says 'max_output_tokens' instead.");
        if (parameters.Text("truncation") is not (null or "disabled")) parameters.Fail("truncation", "can only be \"disabled\": nothing of the input is dropped.");
    }
}
