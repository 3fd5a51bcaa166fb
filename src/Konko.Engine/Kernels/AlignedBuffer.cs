namespace Konko.Engine.Kernels;

/// <summary>Unmanaged memory of 64-byte alignment, zeroed when made, freed once; or a part of such memory.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly AlignedBuffer<byte>? _whole;
    private readonly bool _hugePages;

    /// <summary>Memory for <paramref name="length"/> elements.</summary>
    /// <param name="length">Number of elements, 0 or more.</param>
    /// <param name="hugePages">Whether it is read as one long stream: see <see cref="UnmanagedMemory"/>.</param>
    public AlignedBuffer(long length, bool hugePages = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _hugePages = hugePages;
        Pointer = (T*)UnmanagedMemory.Take(Size(length), hugePages);
    }

    /// <summary>A part of other memory, which stays the other's: it is freed there.</summary>
    /// <param name="whole">The other memory.</param>
    /// <param name="offset">Where the part begins: a byte, on a boundary of 64.</param>
    /// <param name="length">Number of elements.</param>
    public AlignedBuffer(AlignedBuffer<byte> whole, long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked(offset + length * sizeof(T)), whole.Length);
        _whole = whole;
        Length = length;
        Pointer = (T*)(whole.Pointer + offset);
        GC.SuppressFinalize(this);
    }

    ~AlignedBuffer() => Free();

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>The first element; null once disposed.</summary>
    public T* Pointer { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_whole is null) UnmanagedMemory.Return(Pointer, Size(Length), _hugePages);
        Pointer = null;
    }

    private static nuint Size(long length) => checked((nuint)Math.Max(length, 1) * (nuint)sizeof(T));
}
