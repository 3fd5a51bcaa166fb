namespace Konko.Engine.Tokenizers;

/// <summary>The control tokens of a model that fills in the middle of a text.</summary>
/// <param name="Prefix">Stands before what comes before the gap.</param>
/// <param name="Suffix">Stands before what comes after it.</param>
/// <param name="Middle">Stands at the end; what fills the gap is generated behind it.</param>
public sealed record InfillTokens(int Prefix, int Suffix, int Middle)
{
    // Files seldom name the ids; these are the spellings of StarCoder, Qwen and Granite, CodeGemma, DeepSeek, and CodeLlama.
    private static readonly (string Prefix, string Suffix, string Middle)[] s_spellings =
    [
        ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
        ("<fim-prefix>", "<fim-suffix>", "<fim-middle>"),
        ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
        ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
        ("▁<PRE>", "▁<SUF>", "▁<MID>"),
    ];

    /// <summary>The tokens that a vocabulary has for it, or null.</summary>
    /// <param name="data">The vocabulary.</param>
    internal static InfillTokens? Find(TokenizerData data)
    {
        if (data is { FimPrefixId: int prefix, FimSuffixId: int suffix, FimMiddleId: int middle }
            && Math.Min(prefix, Math.Min(suffix, middle)) >= 0 && Math.Max(prefix, Math.Max(suffix, middle)) < data.Tokens.Count)
            return new InfillTokens(prefix, suffix, middle);
        var ids = new Dictionary<string, int>();
        for (int id = 0; id < data.Tokens.Count; id++)
            if (data.Tokens[id] is { Length: > 4 and < 20 } token && token[^1] == '>' && (token.Contains("fim", StringComparison.Ordinal) || token[0] == '▁')) ids.TryAdd(token, id);
        foreach ((string before, string after, string gap) in s_spellings)
            if (ids.TryGetValue(before, out prefix) && ids.TryGetValue(after, out suffix) && ids.TryGetValue(gap, out middle)) return new InfillTokens(prefix, suffix, middle);
        return null;
    }
}
