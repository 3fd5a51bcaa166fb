namespace Konko.Engine.Tokenizers;

/// <summary>
/// Which two characters ever stand next to each other in a token. Where two neighbours of a text never do, no merge crosses
/// between them, and the text can be cut there into words that are encoded, and remembered, one by one.
/// </summary>
/// <remarks>A bit for each hashed pair: a collision only leaves two words uncut.</remarks>
internal sealed class CharacterPairs
{
    private const int BitsLog2 = 20;

    private readonly ulong[] _bits = new ulong[1 << (BitsLog2 - 6)];

    /// <summary>Adds the pairs of a token.</summary>
    public void Add(string token)
    {
        for (int i = 1; i < token.Length; i++)
        {
            uint bit = Bit(token[i - 1], token[i]);
            _bits[bit >> 6] |= 1ul << (int)bit;
        }
    }

    /// <summary>Whether a token may have the second character right after the first.</summary>
    public bool MayTouch(char first, char second)
    {
        uint bit = Bit(first, second);
        return (_bits[bit >> 6] >> (int)bit & 1) != 0 || char.IsLowSurrogate(second);
    }

    private static uint Bit(char first, char second) => ((uint)first << 16 | second) * 0x9E3779B1u >> (32 - BitsLog2);
}
