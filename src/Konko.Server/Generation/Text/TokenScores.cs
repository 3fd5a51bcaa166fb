using System.Text;
using System.Text.Unicode;
using Konko.Engine.Sampling;
using Konko.Engine.Tokenizers;

namespace Konko.Server.Generation.Text;

/// <summary>Turns the engine's log-probabilities of token ids into those of texts.</summary>
internal static class TokenScores
{
    /// <summary>The entry of one position.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="scores">The engine's figures.</param>
    /// <param name="textOffset">Where the token begins in the text, in scalar values.</param>
    public static LogProbEntry Entry(Tokenizer tokenizer, TokenLogProbs scores, int textOffset)
    {
        var top = new ScoredToken[scores.Top.Count];
        for (int i = 0; i < top.Length; i++) top[i] = Scored(tokenizer, scores.Top[i].Id, scores.Top[i].LogProb);
        return new LogProbEntry(Scored(tokenizer, scores.Token.Id, scores.Token.LogProb), top, textOffset);
    }

    /// <summary>A token as text.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="id">The token id.</param>
    /// <param name="logProb">Its log-probability, or null.</param>
    public static ScoredToken Scored(Tokenizer tokenizer, int id, float? logProb)
    {
        ReadOnlySpan<byte> bytes = tokenizer.Bytes(id);
        if (bytes.IsEmpty)
        {
            string literal = tokenizer.Literal(id);
            return new ScoredToken(literal, Encoding.UTF8.GetBytes(literal), logProb);
        }

        return new ScoredToken(Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null, bytes.ToArray(), logProb);
    }

    /// <summary>Length of a well-formed text in Unicode scalar values.</summary>
    /// <param name="text">The text.</param>
    public static int Scalars(string text)
    {
        int count = 0;
        foreach (char c in text)
            if (!char.IsLowSurrogate(c)) count++;
        return count;
    }
}
