using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

/// <summary>Which categories of characters each token has, and how many: those of a kind are found by one pass over an array.</summary>
internal sealed class TokenShapes
{
    private readonly ulong[] _categories;
    private readonly byte[] _characters;
    private readonly int _most;

    /// <param name="size">The number of ids.</param>
    public TokenShapes(int size)
    {
        int padded = (size + 63) / 64 * 64;
        _categories = new ulong[padded];
        _characters = new byte[padded];
        // A token that stands in no tree has no shape.
        Array.Fill(_categories, ByteCategories.Others);
    }

    private TokenShapes(TokenShapes shapes)
    {
        (_categories, _characters) = (shapes._categories, shapes._characters);
        foreach (byte characters in _characters) _most = Math.Max(_most, characters);
    }

    /// <summary>Notes a token's shape.</summary>
    public void Set(int token, ulong categories, int characters)
    {
        _categories[token] = categories;
        _characters[token] = (byte)Math.Min(characters, byte.MaxValue);
    }

    /// <summary>The same, when all tokens have been noted.</summary>
    public TokenShapes Finished() => new(this);

    /// <summary>Sets the bits of all tokens that have no other characters than some, and not too many of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(Span<ulong> bits, ulong categories, int mostCharacters)
    {
        Vector256<ulong> others = Vector256.Create(~categories);
        bool counts = mostCharacters < _most;
        Vector256<byte> most = Vector256.Create((byte)Math.Min(mostCharacters, byte.MaxValue));
        for (int word = 0; word < bits.Length; word++)
        {
            ulong found = 0;
            ReadOnlySpan<ulong> shapes = _categories.AsSpan(word * 64, 64);
            for (int i = 0; i < 64; i += 4) found |= (ulong)Vector256.Equals(Vector256.Create(shapes[i..]) & others, Vector256<ulong>.Zero).ExtractMostSignificantBits() << i;
            if (counts)
            {
                ReadOnlySpan<byte> characters = _characters.AsSpan(word * 64, 64);
                found &= Vector256.LessThanOrEqual(Vector256.Create(characters), most).ExtractMostSignificantBits()
                    | (ulong)Vector256.LessThanOrEqual(Vector256.Create(characters[32..]), most).ExtractMostSignificantBits() << 32;
            }

            bits[word] |= found;
        }
    }
}
