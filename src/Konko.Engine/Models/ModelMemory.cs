using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>The memory of a model's weights: counted before it is taken, and freed together; or counted only.</summary>
/// <remarks>
/// Weights lie one after the other, in the order in which they are asked for, in slabs large enough for huge pages: a layer's
/// matrices are smaller than one, and on small pages every 4 KiB of them cost a translation that no cache holds.
/// </remarks>
internal sealed class ModelMemory : IDisposable
{
    // Panels are padded to 16 rows; a file whose padding outgrows this is not a model.
    private const long Slack = 32 << 20;

    // A K-quant's packed scales widen to bytes, which adds 4 % at most.
    private const int Widening = 16;

    private const long SlabBytes = 32 << 20;
    private const int Line = 64;

    private readonly List<AlignedBuffer<byte>> _slabs = [];
    private readonly long _fileBytes;
    private readonly long _limit;
    private readonly bool _countOnly;
    private long _taken;

    /// <summary>Memory for the weights of a file.</summary>
    /// <param name="fileBytes">Size of the file.</param>
    /// <param name="countOnly">Counts and takes none: matrices and vectors are empty.</param>
    public ModelMemory(long fileBytes, bool countOnly) => (_fileBytes, _limit, _countOnly) = (fileBytes, fileBytes + fileBytes / Widening + Slack, countOnly);

    /// <summary>Bytes taken so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>A matrix.</summary>
    /// <exception cref="GgufException">Padding would need far more memory than the file is large.</exception>
    public PackedMatrix Matrix(PanelFormat format, int rows, int columns)
    {
        long bytes = PackedMatrix.BytesOf(format, rows, columns);
        Count(bytes);
        return _countOnly ? new PackedMatrix(format, 0, columns) : new PackedMatrix(format, rows, columns, Take<byte>(bytes));
    }

    /// <summary>A vector, padded to a multiple of 16.</summary>
    /// <exception cref="GgufException">As for <see cref="Matrix"/>.</exception>
    public AlignedBuffer<float> Vector(int count)
    {
        int padded = (count + 15) & ~15;
        Count(4L * padded);
        return _countOnly ? new AlignedBuffer<float>(0) : Take<float>(padded);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AlignedBuffer<byte> slab in _slabs) slab.Dispose();
    }

    /// <summary>The next part of the last slab, or the first of a new one.</summary>
    private unsafe AlignedBuffer<T> Take<T>(long length)
        where T : unmanaged
    {
        long bytes = length * sizeof(T);
        if (_slabs.Count == 0 || _taken + bytes > _slabs[^1].Length)
        {
            // About as much as the file still has; what is not written of a slab is never memory.
            _slabs.Add(new AlignedBuffer<byte>(Math.Max(bytes, Math.Min(SlabBytes, _fileBytes - Bytes + bytes)), hugePages: true));
            _taken = 0;
        }

        var part = new AlignedBuffer<T>(_slabs[^1], _taken, length);
        _taken = (_taken + bytes + Line - 1) & ~(Line - 1L);
        return part;
    }

    private void Count(long bytes)
    {
        Bytes += bytes;
        if (Bytes > _limit) throw new GgufException($"The tensors' shapes need more than {_limit} bytes of memory, far more than the file has.");
    }
}
