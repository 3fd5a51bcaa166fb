using System.Text;
using Konko.Engine.Grammar;

namespace Konko.Engine.Tests.Grammar.Matching;

/// <summary>Every byte as a token, then pieces of JSON and of text, halves of characters, and two control tokens without text.</summary>
internal static class SmallVocabulary
{
    private static readonly string[] s_pieces =
    [
        "{\"", "\":", "\": ", "\",", "\", \"", "\"}", "\"},", "}}", "]}", "],", "[{", "[[", "[]", "{}", "\":\"", "\": \"", "\":[", ",\"", ", ", ": ", "true", "false", "null", "tru", "\"name\"", "name", "id\":",
        "12", "123", "0.", "-1", "e+", "00", "10", "the", " and", "cat", "dogs", "bb", "bbc", "2024-", ":00", "T", "Z\"", "https", "://", ".org", "@mail", "\\n", "\\\"", "\\u00", "\\", "é", "😀", "größe", "\"größe\": ",
    ];

    public static byte[][] Tokens { get; } =
    [
        .. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }),
        .. s_pieces.Select(Encoding.UTF8.GetBytes),
        [0xF0, 0x9F], [0x98, 0x80, (byte)'"'], [0xC3], [(byte)'"', (byte)',', 0xC3],
        [], [],
    ];

    public static int EndOfText => Tokens.Length - 1;

    public static int Control => Tokens.Length - 2;

    public static GrammarVocabulary Instance { get; } = new(Tokens, [EndOfText]);
}
