using System.Text;

namespace Konko.Engine.Tokenizers.Unicode;

/// <summary>Reused room for a text's code points, their categories, and where each begins in the UTF-16 text.</summary>
internal sealed class CodePointBuffer
{
    private int[] _values = [];
    private byte[] _categories = [];
    private int[] _offsets = [0];
    private int _count;

    /// <summary>The loaded text.</summary>
    public CodePoints Text => new(_values.AsSpan(0, _count), _categories);

    /// <summary>Where a code point begins in the loaded text; for the index after the last, the text's length.</summary>
    public int Offset(int index) => _offsets[index];

    /// <summary>Takes a text apart; a lone surrogate reads as U+FFFD.</summary>
    public void Load(ReadOnlySpan<char> text)
    {
        if (_values.Length < text.Length)
        {
            _values = new int[text.Length];
            _categories = new byte[text.Length];
            _offsets = new int[text.Length + 1];
        }
        int count = 0;
        for (int i = 0; i < text.Length; count++)
        {
            int value = text[i], length = 1;
            if (char.IsSurrogate(text[i]))
            {
                Rune.DecodeFromUtf16(text[i..], out Rune rune, out length);
                value = rune.Value;
            }
            _values[count] = value;
            _categories[count] = UnicodeData.Category(value);
            _offsets[count] = i;
            i += length;
        }
        _offsets[count] = text.Length;
        _count = count;
    }
}
