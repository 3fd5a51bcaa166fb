using System.Text.Json;
using Konko.Server.Api.Validation;

namespace Konko.Server.Api.Answers;

/// <summary>Parameters that would change the answer and that this server cannot honour: refused by name, never ignored.</summary>
internal static class AnswerUnbuilt
{
    /// <summary>What is said of them.</summary>
    public const string Reason = "is not supported by this server.";

    private static readonly string[] Constraints = ["guided_json", "guided_regex", "guided_choice", "guided_grammar"];

    /// <summary>Fails the request if it asks for such a thing.</summary>
    /// <param name="parameters">The request's parameters.</param>
    public static void Refuse(Parameters parameters)
    {
        RefuseCalls(parameters, "tools", "tool_choice");
        RefuseCalls(parameters, "functions", "function_call");
        if (parameters.Object("response_format") is { } format && format.Text("type") != "text")
            parameters.Fail("response_format", "can only be {\"type\": \"text\"}: constrained output " + Reason);
        foreach (string constraint in Constraints)
            if (parameters.Value(constraint) is not null) parameters.Fail(constraint, Reason);
    }

    private static void RefuseCalls(Parameters parameters, string tools, string choice)
    {
        JsonElement? wanted = parameters.Value(choice);
        string? mode = wanted is { ValueKind: JsonValueKind.String } ? wanted.Value.GetString() : null;
        if (wanted is not null && mode is not ("none" or "auto")) parameters.Fail(choice, Reason);
        if (parameters.List(tools) is { } list && list.GetArrayLength() > 0 && mode != "none") parameters.Fail(tools, Reason);
    }
}
