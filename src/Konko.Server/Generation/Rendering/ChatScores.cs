using Konko.Protocol.Chat;

namespace Konko.Server.Generation.Rendering;

/// <summary>Log-probabilities as chats and responses show them.</summary>
internal static class ChatScores
{
    /// <summary>The entry of one token.</summary>
    /// <param name="entry">What the event says of it.</param>
    public static ChatTokenLogprob Of(LogProbEntry entry) => new()
    {
        Token = TokenSpelling.Spell(entry.Token, ""),
        Logprob = WireNumbers.LogProb(entry.Token.LogProb ?? 0),
        Bytes = TokenSpelling.Bytes(entry.Token),
        TopLogprobs =
        [
            .. entry.Top.Select(token => new ChatTopLogprob
            {
                Token = TokenSpelling.Spell(token, ""),
                Logprob = WireNumbers.LogProb(token.LogProb ?? 0),
                Bytes = TokenSpelling.Bytes(token),
            }),
        ],
    };
}
