using System.Runtime.InteropServices;

namespace Konko.Engine.Gguf;

/// <summary>One metadata value: a scalar in its 64 bits, or a string or array behind a reference.</summary>
/// <param name="Type">The value's type.</param>
/// <param name="Bits">A scalar's bits, sign-extended for signed integers; a float32 in the low 32 bits.</param>
/// <param name="Data">
/// The bytes of a string (<c>byte[]</c>), or the elements of an array: <c>T[]</c> of a primitive,
/// <see cref="GgufStringArray"/>, or <c>GgufValue[]</c> of inner arrays.
/// </param>
/// <param name="ElementType">An array's element type.</param>
internal readonly record struct GgufValue(GgufValueType Type, ulong Bits, object? Data = null, GgufValueType ElementType = default)
{
    /// <summary>The type's name for messages, arrays with that of their elements.</summary>
    public string Describe() => Type == GgufValueType.Array ? $"array of {ElementType}" : Type.ToString();

    /// <summary>The bytes of an array of numbers or bools, as in the file.</summary>
    /// <param name="elements">A <c>T[]</c> of a primitive.</param>
    public static ReadOnlySpan<byte> Bytes(object elements) => elements switch
    {
        byte[] or sbyte[] => (byte[])elements,
        short[] or ushort[] => MemoryMarshal.AsBytes(((short[])elements).AsSpan()),
        int[] or uint[] => MemoryMarshal.AsBytes(((int[])elements).AsSpan()),
        long[] or ulong[] => MemoryMarshal.AsBytes(((long[])elements).AsSpan()),
        float[] floats => MemoryMarshal.AsBytes(floats.AsSpan()),
        _ => MemoryMarshal.AsBytes(((double[])elements).AsSpan()),
    };
}
