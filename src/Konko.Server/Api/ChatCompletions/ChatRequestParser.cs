using System.Text.Json;
using Konko.Server.Api.Answers;
using Konko.Server.Api.Tools;
using Konko.Server.Api.Validation;
using Konko.Server.Providers;

namespace Konko.Server.Api.ChatCompletions;

/// <summary>Parses the body of <c>POST /v1/chat/completions</c>.</summary>
internal static class ChatRequestParser
{
    private const int MaxTopLogprobs = 20;

    /// <summary>Parses a request.</summary>
    /// <param name="parameters">The body; holds the error afterwards, if there is one.</param>
    /// <param name="defaultMaxTokens">Most tokens where the caller does not say; null is as many as there is room for.</param>
    /// <returns>The request; worth nothing if the parameters failed.</returns>
    public static AnswerRequest Parse(Parameters parameters, int? defaultMaxTokens)
    {
        var prompt = new ChatPrompt(MessageParser.Parse(parameters)) { TemplateVariables = TemplateVariables(parameters), Tools = ToolParser.Parse(parameters) };
        AnswerRequest request = AnswerParameters.Read(parameters, [prompt], TopLogProbs(parameters), defaultMaxTokens);
        return request with { Grammar = ToolGrammar.Compile(parameters, prompt.Tools, OutputConstraint.Read(parameters)) };
    }

    private static int? TopLogProbs(Parameters parameters)
    {
        bool wanted = parameters.Boolean("logprobs");
        int top = (int)(parameters.Integer("top_logprobs", 0, MaxTopLogprobs) ?? 0);
        if (top > 0 && !wanted) parameters.Fail("top_logprobs", "is only allowed with 'logprobs': true.");
        return wanted ? top : null;
    }

    /// <summary>Variables for the chat template: <c>chat_template_kwargs</c> and how hard to think.</summary>
    /// <param name="parameters">The body.</param>
    /// <param name="reasoning">Its object <c>reasoning</c>, where it is that of a response: it says <c>effort</c>, a chat <c>reasoning_effort</c>.</param>
    public static Dictionary<string, JsonElement>? TemplateVariables(Parameters parameters, Parameters? reasoning = null)
    {
        var variables = new Dictionary<string, JsonElement>();
        Parameters holder = reasoning ?? parameters;
        string name = reasoning is null ? "reasoning_effort" : "effort";
        if (holder.Text(name) is not null) variables["reasoning_effort"] = holder.Value(name)!.Value.Clone();
        if (parameters.Object("chat_template_kwargs") is not null)
        {
            foreach (JsonProperty variable in parameters.Value("chat_template_kwargs")!.Value.EnumerateObject())
                variables[variable.Name] = variable.Value.Clone();
        }

        return variables.Count > 0 ? variables : null;
    }
}
