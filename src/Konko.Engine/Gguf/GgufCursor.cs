using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Konko.Engine.Gguf;

/// <summary>
/// Reads a file's header from start to end through one small buffer. Nothing is believed: every length is held
/// against the bytes left before anything is allocated for it.
/// </summary>
/// <param name="bytes">The file.</param>
internal sealed class GgufCursor(GgufBytes bytes)
{
    private static readonly UTF8Encoding s_strictUtf8 = new(false, true);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private long _bufferStart;
    private int _bufferLength;

    /// <summary>Offset of the next byte.</summary>
    public long Position { get; private set; }

    /// <summary>Size of the file in bytes.</summary>
    public long Length => bytes.Length;

    /// <summary>Bytes after <see cref="Position"/>.</summary>
    public long Remaining => bytes.Length - Position;

    /// <summary>What is being read, for messages: "header", "key 'x'", "tensor 'y'".</summary>
    public string Subject { get; set; } = "header";

    /// <summary>Throws that the file is broken at an offset.</summary>
    /// <param name="problem">What is wrong, without the place.</param>
    /// <param name="offset">The byte offset; null is here.</param>
    [DoesNotReturn]
    public void Fail(string problem, long? offset = null)
        => throw new GgufException($"{bytes.Name}: {Subject}: {problem} (at byte {offset ?? Position}).");

    /// <summary>Moves to an offset within the file.</summary>
    /// <param name="offset">0 … Length.</param>
    public void Seek(long offset) => Position = offset;

    /// <summary>Passes over bytes that are known to be there.</summary>
    /// <param name="count">0 … Remaining.</param>
    public void Skip(long count) => Position += count;

    /// <summary>A 16-bit unsigned integer.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>A 32-bit unsigned integer.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A 64-bit unsigned integer.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>One byte.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>A 64-bit count of elements that each take at least so many bytes of the file.</summary>
    /// <param name="what">What is counted, plural.</param>
    /// <param name="elementBytes">Fewest bytes of an element.</param>
    /// <param name="limit">Most elements allowed.</param>
    public int ReadCount(string what, int elementBytes, int limit)
    {
        long start = Position;
        ulong count = ReadUInt64();
        if (count > (ulong)(Remaining / elementBytes)) Fail($"{count} {what} do not fit into the {Remaining} bytes left", start);
        if (count > (ulong)limit) Fail($"{count} {what} are more than the {limit} allowed", start);
        bytes.Require(Position + (long)count * elementBytes);
        return (int)count;
    }

    /// <summary>The length of a string whose bytes are all there.</summary>
    /// <param name="limit">Longest allowed, in bytes.</param>
    public int ReadStringLength(int limit)
    {
        long start = Position;
        ulong count = ReadUInt64();
        if (count > (ulong)Remaining) Fail($"a string of {count} bytes runs past the end of the file, {Remaining} bytes are left", start);
        if (count > (ulong)limit) Fail($"a string of {count} bytes is longer than the {limit} allowed", start);
        bytes.Require(Position + (long)count);
        return (int)count;
    }

    /// <summary>A key or a tensor's name: not empty, UTF-8, without control characters.</summary>
    /// <param name="limit">Longest allowed, in bytes.</param>
    public string ReadName(int limit)
    {
        long start = Position;
        int count = ReadStringLength(limit);
        if (count == 0) Fail("the name is empty", start);
        ReadOnlySpan<byte> text = Take(count);
        if (text.ContainsAnyInRange((byte)0, (byte)0x1f) || text.Contains((byte)0x7f)) Fail("the name has control characters", start);
        try
        {
            return s_strictUtf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            Fail("the name is not UTF-8", start);
            return null;
        }
    }

    /// <summary>An array of numbers, read straight into its memory.</summary>
    /// <typeparam name="T">The element.</typeparam>
    public T[] ReadArray<T>() where T : unmanaged
    {
        int count = ReadCount("elements", Marshal.SizeOf<T>(), Array.MaxLength);
        T[] array = GC.AllocateUninitializedArray<T>(count);
        ReadExactly(MemoryMarshal.AsBytes(array.AsSpan()));
        return array;
    }

    /// <summary>Fills a span from the file.</summary>
    /// <param name="destination">What to fill.</param>
    public void ReadExactly(Span<byte> destination)
    {
        if (destination.Length > Remaining) Fail($"{destination.Length} bytes run past the end of the file, {Remaining} bytes are left");
        if (destination.Length <= _buffer.Length)
        {
            Take(destination.Length).CopyTo(destination);
            return;
        }

        bytes.ReadExactly(destination, Position, Subject);
        Position += destination.Length;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining) Fail($"the file ends within it, {count} bytes wanted and {Remaining} left");
        if (Position < _bufferStart || Position + count > _bufferStart + _bufferLength)
        {
            bytes.Require(Position + count);
            _bufferStart = Position;
            _bufferLength = bytes.Ahead(Position, (int)Math.Min(_buffer.Length, Remaining));
            bytes.ReadExactly(_buffer.AsSpan(0, _bufferLength), _bufferStart, Subject);
        }

        int start = (int)(Position - _bufferStart);
        Position += count;
        return _buffer.AsSpan(start, count);
    }
}
