using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Konko.Engine.Gguf.Quants;

namespace Konko.Engine.Kernels;

/// <summary>The quants of a block: 32 columns of 16 rows, in eight groups of four columns.</summary>
/// <remarks>
/// A group is 64 bytes, byte[4 · row + j] for its column j, as the multiply-add instructions of bytes want it. Groups of
/// fewer bits share bytes: nibbles of groups 2c and 2c + 1 are the low and high halves of chunk c; behind them lie the
/// upper bits, bit g of a byte for group g (five bits), or bits 2(g mod 4) … of one of two chunks (six bits). Two and
/// three bits are the same without nibbles. Everything here gives unsigned quants, as those instructions want them.
/// </remarks>
internal static unsafe class PanelQuants
{
    /// <summary>Groups of four columns in a block.</summary>
    public const int Groups = 8;

    /// <summary>Bytes of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BlockBytes<TFormat>()
        where TFormat : struct, IPanelFormat => TFormat.Bits switch
        {
            QuantBits.Two => 128,
            QuantBits.Three => 192,
            QuantBits.Five => 320,
            QuantBits.Six => 384,
            QuantBits.Eight => 512,
            _ => 256,
        };

    /// <summary>Whether two products of a quant do not fit int16: it is multiplied as sign and magnitude, or as two nibbles, q = 16h + l.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Saturates<TFormat>()
        where TFormat : struct, IPanelFormat => TFormat.Bits is QuantBits.Eight or QuantBits.Codebook;

    /// <summary>Groups whose products can be summed in int16: each adds at most 2 · q · 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Exact<TFormat>()
        where TFormat : struct, IPanelFormat => TFormat.Bits switch
        {
            QuantBits.Five or QuantBits.Mxfp => 4,
            QuantBits.Six => 2,
            _ => 8,
        };

    /// <summary>One row's quants of a block into place; the memory was zero.</summary>
    /// <param name="block">The block, moved on by 4 bytes a row.</param>
    /// <param name="quants">32 unsigned quants.</param>
    public static void Pack<TFormat>(byte* block, byte* quants)
        where TFormat : struct, IPanelFormat
    {
        for (int g = 0; g < Groups; g++)
        {
            uint q = ((uint*)quants)[g];
            switch (TFormat.Bits)
            {
                case QuantBits.Eight:
                    *(uint*)(block + g * 64) = q;
                    break;
                case QuantBits.Two or QuantBits.Three:
                    *(uint*)(block + g / 4 * 64) |= (q & 0x03030303) << g % 4 * 2;
                    if (TFormat.Bits == QuantBits.Three) *(uint*)(block + 128) |= (q >> 2 & 0x01010101) << g;
                    break;
                default:
                    *(uint*)(block + g / 2 * 64) |= (q & 0x0F0F0F0F) << g % 2 * 4;
                    if (TFormat.Bits == QuantBits.Five) *(uint*)(block + 256) |= (q >> 4 & 0x01010101) << g;
                    if (TFormat.Bits == QuantBits.Six) *(uint*)(block + 256 + g / 4 * 64) |= (q >> 4 & 0x03030303) << g % 4 * 2;
                    break;
            }
        }
    }

    /// <summary>One quant: 0 … 255.</summary>
    /// <param name="block">The block, moved on by 4 bytes a row.</param>
    /// <param name="column">0 … 31.</param>
    public static int Read<TFormat>(byte* block, int column)
        where TFormat : struct, IPanelFormat
    {
        int g = column / 4;
        block += column % 4;
        if (TFormat.Bits == QuantBits.Eight) return block[g * 64];
        int pair = block[g / 4 * 64] >> g % 4 * 2 & 3;
        if (TFormat.Bits == QuantBits.Two) return pair;
        if (TFormat.Bits == QuantBits.Three) return pair | (block[128] >> g & 1) << 2;
        int nibble = block[g / 2 * 64] >> g % 2 * 4 & 15;
        return TFormat.Bits switch
        {
            QuantBits.Five => nibble | (block[256] >> g & 1) << 4,
            QuantBits.Six => nibble | (block[256 + g / 4 * 64] >> g % 4 * 2 & 3) << 4,
            QuantBits.Codebook => BlocksCodebook.IQ4Values[nibble] + 128,
            QuantBits.Mxfp => BlocksCodebook.MXFP4Values[nibble] + 12,
            _ => nibble,
        };
    }

    /// <summary>Group <paramref name="g"/> of sixteen rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Read512<TFormat>(byte* block, int g)
        where TFormat : struct, IPanelFormat
    {
        if (TFormat.Bits == QuantBits.Eight) return Vector512.LoadAligned(block + g * 64);
        if (TFormat.Bits is QuantBits.Two or QuantBits.Three)
        {
            Vector512<byte> pairs = Shift(Vector512.LoadAligned(block + g / 4 * 64), g % 4 * 2) & Vector512.Create((byte)0x03);
            return TFormat.Bits == QuantBits.Two ? pairs : pairs | Shift(Vector512.LoadAligned(block + 128), g - 2) & Vector512.Create((byte)0x04);
        }

        Vector512<byte> q = Shift(Vector512.LoadAligned(block + g / 2 * 64), g % 2 * 4) & Vector512.Create((byte)0x0F);
        if (TFormat.Bits == QuantBits.Five) q |= Shift(Vector512.LoadAligned(block + 256), g - 4) & Vector512.Create((byte)0x10);
        if (TFormat.Bits == QuantBits.Six) q |= Shift(Vector512.LoadAligned(block + 256 + g / 4 * 64), g % 4 * 2 - 4) & Vector512.Create((byte)0x30);
        if (TFormat.Bits == QuantBits.Codebook) q = Avx512BW.Shuffle(Table512(BlocksCodebook.IQ4Values, 128), q);
        if (TFormat.Bits == QuantBits.Mxfp) q = Avx512BW.Shuffle(Table512(BlocksCodebook.MXFP4Values, 12), q);
        return q;
    }

    /// <summary>Group <paramref name="g"/> of eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Read256<TFormat>(byte* block, int g)
        where TFormat : struct, IPanelFormat
    {
        if (TFormat.Bits == QuantBits.Eight) return Vector256.LoadAligned(block + g * 64);
        if (TFormat.Bits is QuantBits.Two or QuantBits.Three)
        {
            Vector256<byte> pairs = Shift(Vector256.LoadAligned(block + g / 4 * 64), g % 4 * 2) & Vector256.Create((byte)0x03);
            return TFormat.Bits == QuantBits.Two ? pairs : pairs | Shift(Vector256.LoadAligned(block + 128), g - 2) & Vector256.Create((byte)0x04);
        }

        Vector256<byte> q = Shift(Vector256.LoadAligned(block + g / 2 * 64), g % 2 * 4) & Vector256.Create((byte)0x0F);
        if (TFormat.Bits == QuantBits.Five) q |= Shift(Vector256.LoadAligned(block + 256), g - 4) & Vector256.Create((byte)0x10);
        if (TFormat.Bits == QuantBits.Six) q |= Shift(Vector256.LoadAligned(block + 256 + g / 4 * 64), g % 4 * 2 - 4) & Vector256.Create((byte)0x30);
        if (TFormat.Bits == QuantBits.Codebook) q = Avx2.Shuffle(Table256(BlocksCodebook.IQ4Values, 128), q);
        if (TFormat.Bits == QuantBits.Mxfp) q = Avx2.Shuffle(Table256(BlocksCodebook.MXFP4Values, 12), q);
        return q;
    }

    /// <summary>Group <paramref name="g"/> of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Read128<TFormat>(byte* block, int g)
        where TFormat : struct, IPanelFormat
    {
        if (TFormat.Bits == QuantBits.Eight) return Vector128.LoadAligned(block + g * 64);
        if (TFormat.Bits is QuantBits.Two or QuantBits.Three)
        {
            Vector128<byte> pairs = Shift(Vector128.LoadAligned(block + g / 4 * 64), g % 4 * 2) & Vector128.Create((byte)0x03);
            return TFormat.Bits == QuantBits.Two ? pairs : pairs | Shift(Vector128.LoadAligned(block + 128), g - 2) & Vector128.Create((byte)0x04);
        }

        Vector128<byte> q = Shift(Vector128.LoadAligned(block + g / 2 * 64), g % 2 * 4) & Vector128.Create((byte)0x0F);
        if (TFormat.Bits == QuantBits.Five) q |= Shift(Vector128.LoadAligned(block + 256), g - 4) & Vector128.Create((byte)0x10);
        if (TFormat.Bits == QuantBits.Six) q |= Shift(Vector128.LoadAligned(block + 256 + g / 4 * 64), g % 4 * 2 - 4) & Vector128.Create((byte)0x30);
        if (TFormat.Bits == QuantBits.Codebook) q = Vector128.Shuffle(Table(BlocksCodebook.IQ4Values, 128), q);
        if (TFormat.Bits == QuantBits.Mxfp) q = Vector128.Shuffle(Table(BlocksCodebook.MXFP4Values, 12), q);
        return q;
    }

    // Bytes have no shift of their own; what comes over from a neighbour is masked off by the caller.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Shift(Vector512<byte> bytes, int right)
        => right == 0 ? bytes : (right > 0 ? Vector512.ShiftRightLogical(bytes.AsUInt16(), right) : Vector512.ShiftLeft(bytes.AsUInt16(), -right)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Shift(Vector256<byte> bytes, int right)
        => right == 0 ? bytes : (right > 0 ? Vector256.ShiftRightLogical(bytes.AsUInt16(), right) : Vector256.ShiftLeft(bytes.AsUInt16(), -right)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Shift(Vector128<byte> bytes, int right)
        => right == 0 ? bytes : (right > 0 ? Vector128.ShiftRightLogical(bytes.AsUInt16(), right) : Vector128.ShiftLeft(bytes.AsUInt16(), -right)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Table512(ReadOnlySpan<sbyte> values, int bias)
    {
        Vector256<byte> table = Table256(values, bias);
        return Vector512.Create(table, table);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Table256(ReadOnlySpan<sbyte> values, int bias)
    {
        Vector128<byte> table = Table(values, bias);
        return Vector256.Create(table, table);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Table(ReadOnlySpan<sbyte> values, int bias) => Vector128.Create(values).AsByte() + Vector128.Create((byte)bias);
}
