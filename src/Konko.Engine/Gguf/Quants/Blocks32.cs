using System.Buffers.Binary;

namespace Konko.Engine.Gguf.Quants;

/// <summary>
/// Blocks of 32 elements with one half-precision scale d, and a minimum m where the name ends in 1. Nibbles: byte i
/// holds element i in its low half and element i + 16 in its high half.
/// </summary>
internal static class Blocks32
{
    /// <summary>d · (q − 8). Layout: d, 16 bytes of nibbles.</summary>
    public static void Q4_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Half(block, 0);
        ReadOnlySpan<byte> nibbles = block[2..];
        for (int i = 0; i < 16; i++)
        {
            values[i] = d * ((nibbles[i] & 0xf) - 8);
            values[i + 16] = d * ((nibbles[i] >> 4) - 8);
        }
    }

    /// <summary>d · q + m. Layout: d, m, 16 bytes of nibbles.</summary>
    public static void Q4_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Half(block, 0);
        float m = Half(block, 2);
        ReadOnlySpan<byte> nibbles = block[4..];
        for (int i = 0; i < 16; i++)
        {
            values[i] = d * (nibbles[i] & 0xf) + m;
            values[i + 16] = d * (nibbles[i] >> 4) + m;
        }
    }

    /// <summary>d · (q − 16). Layout: d, 32 fifth bits (bit i of element i), 16 bytes of nibbles.</summary>
    public static void Q5_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Half(block, 0);
        uint fifths = BinaryPrimitives.ReadUInt32LittleEndian(block[2..]);
        ReadOnlySpan<byte> nibbles = block[6..];
        for (int i = 0; i < 16; i++)
        {
            values[i] = d * (((nibbles[i] & 0xf) | Fifth(fifths, i)) - 16);
            values[i + 16] = d * (((nibbles[i] >> 4) | Fifth(fifths, i + 16)) - 16);
        }
    }

    /// <summary>d · q + m. Layout: d, m, 32 fifth bits, 16 bytes of nibbles.</summary>
    public static void Q5_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Half(block, 0);
        float m = Half(block, 2);
        uint fifths = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        ReadOnlySpan<byte> nibbles = block[8..];
        for (int i = 0; i < 16; i++)
        {
            values[i] = d * ((nibbles[i] & 0xf) | Fifth(fifths, i)) + m;
            values[i + 16] = d * ((nibbles[i] >> 4) | Fifth(fifths, i + 16)) + m;
        }
    }

    /// <summary>d · q. Layout: d, 32 signed bytes.</summary>
    public static void Q8_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = Half(block, 0);
        ReadOnlySpan<byte> bytes = block[2..];
        for (int i = 0; i < 32; i++) values[i] = d * (sbyte)bytes[i];
    }

    /// <summary>The half-precision number at an offset of a block.</summary>
    public static float Half(ReadOnlySpan<byte> block, int offset)
        => HalfFloat.ToSingle(BinaryPrimitives.ReadUInt16LittleEndian(block[offset..]));

    private static int Fifth(uint bits, int index) => (int)((bits >> index) & 1) << 4;
}
