using System.Buffers;
using System.Text;

namespace Konko.Engine.Tokenizers;

/// <summary>
/// Turns ids into text as they come, and never emits half a character. All increments together are what
/// <see cref="Tokenizer.Decode"/> gives for all ids.
/// </summary>
/// <remarks>
/// Bytes become U+FFFD as soon as they can no longer become a character, one for each longest beginning of a character
/// (Unicode's "maximal subpart"); that rule needs no look past the byte that breaks it, so it does not matter how the
/// bytes were cut into tokens. Not safe for use by several threads at once.
/// </remarks>
public sealed class IncrementalDetokenizer
{
    private const int LongestCharacter = 4;

    private readonly Tokenizer _tokenizer;
    private readonly byte[] _pending = new byte[LongestCharacter];
    private int _pendingCount;
    private bool _dropsSpace;

    /// <summary>A detokenizer that has seen no ids yet.</summary>
    /// <param name="tokenizer">Gives the bytes of the ids.</param>
    /// <param name="continues">
    /// True where the ids go on a text (a generation goes on its prompt): a leading blank is text. False at the beginning
    /// of a text, where the first blank is the one that encoding has put there.
    /// </param>
    public IncrementalDetokenizer(Tokenizer tokenizer, bool continues)
    {
        _tokenizer = tokenizer;
        _dropsSpace = !continues && tokenizer.AddsSpacePrefix;
    }

    private IncrementalDetokenizer(IncrementalDetokenizer other)
    {
        _tokenizer = other._tokenizer;
        _pendingCount = other._pendingCount;
        _dropsSpace = other._dropsSpace;
        other._pending.CopyTo(_pending, 0);
    }

    /// <summary>Bytes held back because their character is still incomplete, 0 … 3.</summary>
    public int PendingBytes => _pendingCount;

    /// <summary>A detokenizer in the same state that goes its own way.</summary>
    public IncrementalDetokenizer Clone() => new(this);

    /// <summary>Takes the next id.</summary>
    /// <param name="id">A valid id.</param>
    /// <returns>The text that is complete now; empty for a special token and while a character is incomplete.</returns>
    public string Append(int id)
    {
        ReadOnlySpan<byte> bytes = _tokenizer.Bytes(id);
        if (bytes.IsEmpty) return "";
        if (_dropsSpace)
        {
            _dropsSpace = false;
            if (bytes[0] == ' ') bytes = bytes[1..];
        }
        var text = new StringBuilder(bytes.Length);
        while (_pendingCount > 0 && !bytes.IsEmpty)
        {
            _pending[_pendingCount++] = bytes[0];
            OperationStatus status = Rune.DecodeFromUtf8(_pending.AsSpan(0, _pendingCount), out Rune character, out int used);
            if (status == OperationStatus.NeedMoreData)
            {
                bytes = bytes[1..];
                continue;
            }
            text.Append(character);
            // A byte that breaks a character is not part of it: it is read again as the beginning of the next.
            if (used == _pendingCount) bytes = bytes[1..];
            _pendingCount = 0;
        }
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune character, out int used) == OperationStatus.NeedMoreData)
            {
                bytes.CopyTo(_pending);
                _pendingCount = bytes.Length;
                break;
            }
            text.Append(character);
            bytes = bytes[used..];
        }
        return text.ToString();
    }

    /// <summary>Ends the text.</summary>
    /// <returns>U+FFFD where a character was left incomplete, else nothing.</returns>
    public string Flush()
    {
        if (_pendingCount == 0) return "";
        _pendingCount = 0;
        return "\uFFFD";
    }
}
