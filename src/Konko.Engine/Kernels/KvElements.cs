using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Konko.Engine.Kernels;

/// <summary>How 32 neighbouring elements of the KV cache are read and written.</summary>
internal unsafe interface IKvElements
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Bytes { get; }

    /// <summary>Reads 32 elements: 0 … 15 and 16 … 31.</summary>
    static abstract void Load(byte* at, out Vector512<float> first, out Vector512<float> second);

    /// <summary>Writes 32 elements.</summary>
    static abstract void Store(byte* at, Vector512<float> first, Vector512<float> second);

    /// <summary>Writes one of 32 elements.</summary>
    static abstract void Store(byte* at, int index, float value);
}

/// <summary>bfloat16, rounded to nearest even: a 32-bit word holds elements i (low) and 16 + i (high), so that expanding is one shift and one mask.</summary>
internal readonly unsafe struct BFloat16Elements : IKvElements
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* at, out Vector512<float> first, out Vector512<float> second)
    {
        Vector512<int> words = Vector512.LoadAligned((int*)at);
        first = Vector512.ShiftLeft(words, 16).AsSingle();
        second = (words & Vector512.Create(unchecked((int)0xFFFF0000))).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* at, Vector512<float> first, Vector512<float> second)
    {
        Vector512<uint> low = Vector512.ShiftRightLogical(Round(first), 16);
        (low | (Round(second) & Vector512.Create(0xFFFF0000u))).StoreAligned((uint*)at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* at, int index, float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        ((ushort*)at)[index % 16 * 2 + index / 16] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Round(Vector512<float> value)
    {
        Vector512<uint> bits = value.AsUInt32();
        return bits + Vector512.Create(0x7FFFu) + (Vector512.ShiftRightLogical(bits, 16) & Vector512.Create(1u));
    }
}

/// <summary>float32 in natural order.</summary>
internal readonly unsafe struct Float32Elements : IKvElements
{
    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* at, out Vector512<float> first, out Vector512<float> second)
    {
        first = Vector512.LoadAligned((float*)at);
        second = Vector512.LoadAligned((float*)at + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* at, Vector512<float> first, Vector512<float> second)
    {
        first.StoreAligned((float*)at);
        second.StoreAligned((float*)at + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* at, int index, float value) => ((float*)at)[index] = value;
}
