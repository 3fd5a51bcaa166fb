using System.Runtime.InteropServices;
using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>Reads tensors of a GGUF file by several threads at once and repacks them on the way.</summary>
/// <remarks>
/// Tensors are asked for first, which checks their shapes and makes their memory, then all are filled together by
/// <see cref="Run"/>: a chunk of rows at a time, so that reading never needs more than a few megabytes beside the model.
/// </remarks>
internal sealed unsafe class TensorLoader
{
    private const int ChunkBytes = 1 << 20;

    private readonly GgufFile _file;
    private readonly List<Job> _jobs = [];

    /// <summary>A loader for a file.</summary>
    public TensorLoader(GgufFile file) => _file = file;

    /// <summary>The file's metadata.</summary>
    public GgufMetadata Metadata => _file.Metadata;

    /// <summary>Whether the file has a tensor.</summary>
    public bool Has(string name) => _file.FindTensor(name) is not null;

    /// <summary>A matrix of the given shape.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="rows">Outputs.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="pairedHeadDim">
    /// Where not 0: rows are heads of so many rows whose rotary pairs are neighbours; they are reordered so that
    /// element i is paired with i + half.
    /// </param>
    /// <param name="pairedRopeDims">Rows of a head that are rotated.</param>
    /// <exception cref="GgufException">Missing, of another shape, or of a type that cannot be multiplied with.</exception>
    public PackedMatrix Matrix(string name, int rows, int columns, int pairedHeadDim = 0, int pairedRopeDims = 0)
    {
        GgufTensor tensor = _file.GetTensor(name);
        if (tensor.Dimensions.Count > 2 || tensor.Columns != columns || tensor.Rows != rows)
            throw new GgufException($"tensor {tensor}: the model's metadata asks for [{columns} × {rows}].");
        PanelFormat format = Repacker.FormatOf(tensor.Type)
            ?? throw new GgufException($"tensor {tensor}: matrices of this type cannot be multiplied with.");
        var matrix = new PackedMatrix(format, rows, columns);
        _jobs.Add(new Job(tensor, matrix, null, pairedHeadDim, pairedRopeDims));
        return matrix;
    }

    /// <summary>A vector of float32, padded to a multiple of 16.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="count">Elements.</param>
    /// <exception cref="GgufException">Missing, of another length, or not F32.</exception>
    public AlignedBuffer<float> Vector(string name, int count)
    {
        GgufTensor tensor = _file.GetTensor(name);
        if (tensor.Elements != count) throw new GgufException($"tensor {tensor}: the model's metadata asks for {count} elements.");
        if (tensor.Type != GgmlType.F32) throw new GgufException($"tensor {tensor}: a vector must be F32.");
        var buffer = new AlignedBuffer<float>((count + 15) & ~15);
        _jobs.Add(new Job(tensor, null, buffer, 0, 0));
        return buffer;
    }

    /// <summary>Reads a small vector at once.</summary>
    public float[] ReadVector(string name, int count)
    {
        GgufTensor tensor = _file.GetTensor(name);
        if (tensor.Elements != count || tensor.Type != GgmlType.F32) throw new GgufException($"tensor {tensor}: expected {count} elements of F32.");
        float[] values = new float[count];
        _file.Read(tensor, MemoryMarshal.AsBytes(values.AsSpan()), 0);
        return values;
    }

    /// <summary>Fills everything that was asked for.</summary>
    /// <param name="threads">Threads to read and repack with.</param>
    /// <exception cref="GgufException">A scale that is not finite, or a read that failed.</exception>
    public void Run(int threads)
    {
        var chunks = new List<Chunk>();
        foreach (Job job in _jobs)
        {
            long rows = job.Matrix?.Rows ?? 1;
            long unit = job.PairedHeadDim > 0 ? Lcm(job.PairedHeadDim, PanelFormats.Rows) : PanelFormats.Rows;
            long rowBytes = job.Matrix is null ? job.Tensor.ByteLength : job.Tensor.RowBytes;
            long take = job.Matrix is null ? 1 : Math.Max(1, ChunkBytes / (rowBytes * unit)) * unit;
            for (long row = 0; row < rows; row += take) chunks.Add(new Chunk(job, row, Math.Min(take, rows - row), rowBytes));
        }

        try
        {
            Parallel.ForEach(chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, Fill);
        }
        catch (AggregateException e) when (e.InnerException is GgufException inner)
        {
            throw inner;
        }
    }

    private void Fill(Chunk chunk)
    {
        GgufTensor tensor = chunk.Job.Tensor;
        long bytes = chunk.Rows * chunk.RowBytes;
        if (chunk.Job.Vector is AlignedBuffer<float> vector)
        {
            _file.Read(tensor, (byte*)vector.Pointer, 0, bytes);
            return;
        }

        // A line of room behind, because kernels of repacking may look a little past a row's end.
        using var raw = new AlignedBuffer<byte>(bytes + 64);
        _file.Read(tensor, raw.Pointer, chunk.FirstRow * chunk.RowBytes, bytes);
        for (long i = 0; i < chunk.Rows; i++)
        {
            long source = Source(chunk.Job, i);
            if (!Repacker.PackRow(tensor.Type, raw.Pointer + source * chunk.RowBytes, chunk.Job.Matrix!, (int)(chunk.FirstRow + i)))
                throw new GgufException($"tensor {tensor}: row {chunk.FirstRow + source} has a scale or weight that is not finite.");
        }
    }

    /// <summary>Which row of the chunk becomes row <paramref name="row"/>: pairs (2i, 2i + 1) become (i, i + half).</summary>
    private static long Source(Job job, long row)
    {
        if (job.PairedHeadDim == 0) return row;
        long head = row / job.PairedHeadDim * job.PairedHeadDim, within = row % job.PairedHeadDim;
        int half = job.PairedRopeDims / 2;
        if (within >= 2 * half) return row;
        return head + (within < half ? 2 * within : 2 * (within - half) + 1);
    }

    private static long Lcm(long a, long b)
    {
        long x = a, y = b;
        while (y != 0) (x, y) = (y, x % y);
        return a / x * b;
    }

    private sealed record Job(GgufTensor Tensor, PackedMatrix? Matrix, AlignedBuffer<float>? Vector, int PairedHeadDim, int PairedRopeDims);

    private sealed record Chunk(Job Job, long FirstRow, long Rows, long RowBytes);
}
