using System.Text;

namespace Konko.Server.Generation.Rendering;

/// <summary>How tokens are spelled in lists of log-probabilities.</summary>
internal static class TokenSpelling
{
    /// <summary>The token's text; bytes that are no whole characters as <c>\xf0\x9f</c>, after a prefix.</summary>
    /// <param name="token">The token.</param>
    /// <param name="prefix">What stands before escaped bytes.</param>
    public static string Spell(ScoredToken token, string prefix)
    {
        if (token.Text is not null) return token.Text;
        var spelled = new StringBuilder(prefix);
        foreach (byte b in token.Bytes.Span) spelled.Append("\\x").Append("0123456789abcdef"[b >> 4]).Append("0123456789abcdef"[b & 15]);
        return spelled.ToString();
    }

    /// <summary>The token's bytes as numbers.</summary>
    /// <param name="token">The token.</param>
    public static int[] Bytes(ScoredToken token)
    {
        var numbers = new int[token.Bytes.Length];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = token.Bytes.Span[i];
        return numbers;
    }
}
