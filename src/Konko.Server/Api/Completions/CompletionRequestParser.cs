using Konko.Server.Api.Answers;
using Konko.Server.Api.Validation;
using Konko.Server.Providers;

namespace Konko.Server.Api.Completions;

/// <summary>Parses the body of <c>POST /v1/completions</c>.</summary>
internal static class CompletionRequestParser
{
    private const int DefaultMaxTokens = 16;

    private const int MaxLogprobs = 5;

    /// <summary>Parses a request.</summary>
    /// <param name="parameters">The body; holds the error afterwards, if there is one.</param>
    /// <returns>The request; worth nothing if the parameters failed.</returns>
    public static AnswerRequest Parse(Parameters parameters)
    {
        List<Prompt> prompts = PromptParser.Parse(parameters);
        AnswerRequest request = AnswerParameters.Read(parameters, prompts, (int?)parameters.Integer("logprobs", 0, MaxLogprobs), DefaultMaxTokens);
        if (prompts.Count * request.Choices > AnswerParameters.MaxChoices)
            parameters.Fail("prompt", $"asks for more than {AnswerParameters.MaxChoices} choices: its prompts times 'n'.");
        foreach (string tools in (string[])["tools", "functions"])
            if (parameters.List(tools) is { } list && list.GetArrayLength() > 0) parameters.Fail(tools, "belongs to /v1/chat/completions.");
        if (parameters.Text("suffix") is { Length: > 0 }) parameters.Fail("suffix", AnswerUnbuilt.Reason);
        if (parameters.Integer("best_of", 1, AnswerParameters.MaxChoices) is long best && best != request.Choices)
            parameters.Fail("best_of", best < request.Choices ? "must not be below 'n'." : "above 'n' " + AnswerUnbuilt.Reason);
        return request with { Echo = parameters.Boolean("echo"), Grammar = OutputConstraint.Read(parameters)?.Compile(parameters) };
    }
}
