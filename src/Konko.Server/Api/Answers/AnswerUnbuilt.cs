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
        if (parameters.Object("response_format") is { } format && format.Text("type") != "text")
            parameters.Fail("response_format", "can only be {\"type\": \"text\"}: constrained output " + Reason);
        foreach (string constraint in Constraints)
            if (parameters.Value(constraint) is not null) parameters.Fail(constraint, Reason);
    }
}
