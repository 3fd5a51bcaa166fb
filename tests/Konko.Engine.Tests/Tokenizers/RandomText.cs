using System.Text;

namespace Konko.Engine.Tests.Tokenizers;

/// <summary>Seeded texts that mix words, white space, scripts, marks, emoji and any other character.</summary>
internal static class RandomText
{
    private static readonly string[] s_parts =
    [
        "Hello", " world", "don't", " I'LL", "'s", " ", "  ", "     ", "\n", "\n\n", "\r\n", "\t", "1", "4567", " 12", "½", "é", "É", "naïve",
        "你好", "カタカナ", "안녕", "नमस्ते", "مرحبا", "שלום", "ไทย", "🙂", "👩‍👧", "!", "?!", "...", "<=", "—", "foo_bar", "fooBar()",
        "\u00a0", "\u2028", "\u3000", "\u200b", "\ufeff", "\u0301", "\0", "<s>", "</s>", "<|im_", "end|>", "<|im_end|>", "<0x0A>", "[UNK]",
    ];

    /// <summary>A text of valid UTF-16, seldom empty, without the one character that SentencePiece takes for a blank.</summary>
    public static string Next(Random random)
    {
        var text = new StringBuilder();
        for (int parts = random.Next(16); parts > 0; parts--)
        {
            if (random.Next(3) > 0)
            {
                text.Append(s_parts[random.Next(s_parts.Length)]);
                continue;
            }
            int limit = random.Next(4) switch { 0 => 0x80, 1 => 0x800, 2 => 0x10000, _ => 0x110000 };
            int codePoint = random.Next(limit);
            if (Rune.IsValid(codePoint) && codePoint != '▁') text.Append(new Rune(codePoint));
        }
        return text.ToString();
    }
}
