using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Konko.Protocol;

/// <summary>Escapes what JSON demands and nothing else: the quote, the backslash and control characters.</summary>
/// <remarks>
/// The framework's relaxed encoder also escapes characters that its Unicode tables do not know, so the same text would
/// give other bytes under another runtime.
/// </remarks>
public sealed class WireEncoder : JavaScriptEncoder
{
    private const string Escaped =
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\";

    private static readonly SearchValues<char> EscapedChars = SearchValues.Create(Escaped);
    private static readonly SearchValues<byte> EscapedBytes = SearchValues.Create(Encoding.ASCII.GetBytes(Escaped));

    private WireEncoder()
    {
    }

    /// <summary>The encoder.</summary>
    public static WireEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\';

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => utf8Text.IndexOfAny(EscapedBytes);

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
        => new ReadOnlySpan<char>(text, textLength).IndexOfAny(EscapedChars);

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var output = new Span<char>(buffer, bufferLength);
        Span<char> unicode = ['\\', 'u', '0', '0', HexDigit(unicodeScalar >> 4), HexDigit(unicodeScalar)];
        ReadOnlySpan<char> escape = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            _ => unicode,
        };
        bool fits = escape.TryCopyTo(output);
        numberOfCharactersWritten = fits ? escape.Length : 0;
        return fits;
    }

    private static char HexDigit(int value) => "0123456789abcdef"[value & 15];
}
