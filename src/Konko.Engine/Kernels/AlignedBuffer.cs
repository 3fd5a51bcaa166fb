namespace Konko.Engine.Kernels;

/// <summary>Unmanaged memory of 64-byte alignment, zeroed when made, freed once.</summary>
/// <typeparam name="T">Element type.</typeparam>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Memory for <paramref name="length"/> elements.</summary>
    /// <param name="length">Number of elements, 0 or more.</param>
    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        Pointer = (T*)UnmanagedMemory.Take(Size(length));
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
        UnmanagedMemory.Return(Pointer, Size(Length));
        Pointer = null;
    }

    private static nuint Size(long length) => checked((nuint)Math.Max(length, 1) * (nuint)sizeof(T));
}
