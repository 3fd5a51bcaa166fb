namespace Konko.Engine.Tokenizers;

/// <summary>GPT-2's spelling of bytes as printable characters, in which byte-level vocabularies are written.</summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] s_characters = Build();
    private static readonly short[] s_bytes = Invert(s_characters);

    /// <summary>The character that spells a byte.</summary>
    public static char Character(int value) => s_characters[value];

    /// <summary>The byte that a character spells, or −1.</summary>
    public static int Byte(char character) => character < s_bytes.Length ? s_bytes[character] : -1;

    /// <summary>Printable Latin-1 characters spell themselves, all other bytes take U+0100 and on, in order.</summary>
    private static char[] Build()
    {
        var characters = new char[256];
        int next = 0x100;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is >= 0x21 and <= 0x7E or >= 0xA1 and <= 0xAC or >= 0xAE;
            characters[value] = (char)(printable ? value : next++);
        }
        return characters;
    }

    private static short[] Invert(char[] characters)
    {
        var bytes = new short[characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < characters.Length; value++) bytes[characters[value]] = (short)value;
        return bytes;
    }
}
