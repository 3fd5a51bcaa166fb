namespace Konko.Engine.Grammar.Automaton;

/// <summary>What a first byte of a character of UTF-8 asks of the bytes after it.</summary>
/// <param name="Low">The least second byte.</param>
/// <param name="High">The greatest second byte; further ones may be any from 80 to BF.</param>
/// <param name="Left">How many bytes follow.</param>
internal readonly record struct Utf8Lead(byte Low, byte High, int Left)
{
    /// <summary>What a byte asks for; null where it begins no character of several bytes.</summary>
    public static Utf8Lead? Of(byte first) => first switch
    {
        >= 0xC2 and <= 0xDF => new(0x80, 0xBF, 1),
        0xE0 => new(0xA0, 0xBF, 2),
        0xED => new(0x80, 0x9F, 2),
        >= 0xE1 and <= 0xEF => new(0x80, 0xBF, 2),
        0xF0 => new(0x90, 0xBF, 3),
        >= 0xF1 and <= 0xF3 => new(0x80, 0xBF, 3),
        0xF4 => new(0x80, 0x8F, 3),
        _ => null,
    };

    /// <summary>What is asked for after the second byte.</summary>
    public Utf8Lead Next => new(0x80, 0xBF, Left - 1);
}
