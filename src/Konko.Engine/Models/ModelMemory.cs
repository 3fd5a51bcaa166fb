using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>The memory of a model's weights: counted before it is taken, and freed together.</summary>
internal sealed class ModelMemory : IDisposable
{
    // Panels are padded to 16 rows; a file whose padding outgrows this is not a model.
    private const long Slack = 32 << 20;

    // Types that have no panels of their own widen to bytes with scales; the narrowest, Q2_K, becomes 4.6 times as large.
    private const int Widening = 5;

    private readonly List<IDisposable> _owned = [];
    private readonly long _limit;

    /// <summary>Memory for the weights of a file.</summary>
    /// <param name="fileBytes">Size of the file.</param>
    public ModelMemory(long fileBytes) => _limit = fileBytes + Slack;

    /// <summary>Bytes taken so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>A matrix.</summary>
    /// <exception cref="GgufException">Padding would need far more memory than the file is large.</exception>
    public PackedMatrix Matrix(PanelFormat format, int rows, int columns)
    {
        long panels = (rows + PanelFormats.Rows - 1) / PanelFormats.Rows;
        Count(panels * (format.QuantBytes(columns) + format.ScaleBytes(columns)));
        var matrix = new PackedMatrix(format, rows, columns);
        _owned.Add(matrix);
        return matrix;
    }

    /// <summary>A vector, padded to a multiple of 16.</summary>
    /// <exception cref="GgufException">As for <see cref="Matrix"/>.</exception>
    public AlignedBuffer<float> Vector(int count)
    {
        int padded = (count + 15) & ~15;
        Count(4L * padded);
        var vector = new AlignedBuffer<float>(padded);
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
        long most = Widening * (_limit - Slack) + Slack;
        if (Bytes > most) throw new GgufException($"The tensors' shapes need more than {most} bytes of memory, far more than the file has.");
    }
}
