using Microsoft.AspNetCore.Http;

namespace Konko.Server.Api.Answers;

/// <summary>What the helper of an SDK needs that puts a stream together, and says so in a header.</summary>
/// <param name="JoinsStrings">It joins every string that it sees, the role too.</param>
/// <param name="CountsFirstTwice">It counts the log-probabilities of a choice's first chunk twice.</param>
internal readonly record struct ClientHelper(bool JoinsStrings, bool CountsFirstTwice)
{
    private const string Header = "X-Stainless-Helper-Method";

    /// <summary>The helper that a call comes from.</summary>
    /// <param name="call">The call.</param>
    public static ClientHelper Of(HttpRequest call) => call.Headers[Header].ToString() switch
    {
        // Python's, and that of older JavaScript clients.
        "chat.completions.stream" => new ClientHelper(true, true),
        "stream" or "runTools" => new ClientHelper(false, true),
        _ => default,
    };
}
