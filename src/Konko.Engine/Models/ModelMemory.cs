using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>The memory of a model's weights: counted before it is taken, and freed together; or counted only.</summary>
internal sealed class ModelMemory : IDisposable
{
    // Panels are padded to 16 rows; a file whose padding outgrows this is not a model.
    private const long Slack = 32 << 20;

    // A K-quant's packed scales widen to bytes, which adds 4 % at most.
    private const int Widening = 16;

    private readonly List<IDisposable> _owned = [];
    private readonly long _limit;
    private readonly bool _countOnly;

    /// <summary>Memory for the weights of a file.</summary>
    /// <param name="fileBytes">Size of the file.</param>
    /// <param name="countOnly">Counts and takes none: matrices and vectors are empty.</param>
    public ModelMemory(long fileBytes, bool countOnly) => (_limit, _countOnly) = (fileBytes + fileBytes / Widening + Slack, countOnly);

    /// <summary>Bytes taken so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>A matrix.</summary>
    /// <exception cref="GgufException">Padding would need far more memory than the file is large.</exception>
    public PackedMatrix Matrix(PanelFormat format, int rows, int columns)
    {
        long panels = (rows + PanelFormats.Rows - 1) / PanelFormats.Rows;
        Count(panels * (format.QuantBytes(columns) + format.ScaleBytes(columns)));
        var matrix = new PackedMatrix(format, _countOnly ? 0 : rows, columns);
        _owned.Add(matrix);
        return matrix;
    }

    /// <summary>A vector, padded to a multiple of 16.</summary>
    /// <exception cref="GgufException">As for <see cref="Matrix"/>.</exception>
    public AlignedBuffer<float> Vector(int count)
    {
        int padded = (count + 15) & ~15;
        Count(4L * padded);
        var vector = new AlignedBuffer<float>(_countOnly ? 0 : padded);
        _owned.Add(vector);
        return vector;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable memory in _owned) memory.Dispose();
    }

    private void Count(long bytes)
    {
        Bytes += bytes;
        if (Bytes > _limit) throw new GgufException($"The tensors' shapes need more than {_limit} bytes of memory, far more than the file has.");
    }
}
