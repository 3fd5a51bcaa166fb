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
        List<Prompt> prompts = PromptParser.Parse(parameters, "prompt");
        bool echo = parameters.Boolean("echo");
        if (parameters.Text("suffix") is { Length: > 0 } suffix)
        {
            if (echo) parameters.Fail("suffix", "cannot be used with 'echo'.");
            if (prompts.Exists(prompt => prompt is TokenPrompt)) parameters.Fail("suffix", "can only be used where 'prompt' is text.");
            prompts = [.. prompts.Select(prompt => prompt is TextPrompt text ? text with { Suffix = suffix } : prompt)];
        }

        AnswerRequest request = AnswerParameters.Read(parameters, prompts, (int?)parameters.Integer("logprobs", 0, MaxLogprobs), DefaultMaxTokens);
        foreach (string tools in (string[])["tools", "functions"])
            if (parameters.List(tools) is { } list && list.GetArrayLength() > 0) parameters.Fail(tools, "belongs to /v1/chat/completions.");
        int candidates = (int)(parameters.Integer("best_of", 1, AnswerParameters.MaxChoices) ?? request.Choices);
        if (candidates < request.Choices) parameters.Fail("best_of", "must not be below 'n'.");
        if (candidates > request.Choices && request.Stream) parameters.Fail("best_of", "cannot be above 'n' in a stream: which are the best is known at the end.");
        if (prompts.Count * Math.Max(candidates, request.Choices) > AnswerParameters.MaxChoices)
            parameters.Fail("prompt", $"asks for more than {AnswerParameters.MaxChoices} choices: its prompts times 'n' or 'best_of'.");
        return request with { Echo = echo, Candidates = Math.Max(candidates, request.Choices), Grammar = OutputConstraint.Read(parameters)?.Compile(parameters) };
    }
}
