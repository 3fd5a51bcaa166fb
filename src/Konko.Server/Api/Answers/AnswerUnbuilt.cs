namespace Konko.Server.Api.Answers;

/// <summary>What is said of parameters that would change the answer and that this server cannot honour: refused by name, never ignored.</summary>
internal static class AnswerUnbuilt
{
    /// <summary>The end of the message.</summary>
    public const string Reason = "is not supported by this server.";
}
