using System.Runtime.InteropServices;
using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quants;
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
    private readonly GgufFingerprint _fingerprint;
    private readonly List<Job> _jobs = [];
    private readonly HashSet<string> _asked = [];

    /// <summary>A loader for a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="outline">Checks and counts what is asked for, but reads no tensor and takes no memory.</param>
    public TensorLoader(GgufFile file, bool outline = false)
    {
        _file = file;
        IsOutline = outline;
        Memory = new ModelMemory(file.FileBytes, outline);
        _fingerprint = new GgufFingerprint(file);
    }

    /// <summary>The file's metadata.</summary>
    public GgufMetadata Metadata => _file.Metadata;

    /// <summary>What was asked for so far.</summary>
    public ModelMemory Memory { get; }

    /// <summary>Whether nothing is read and no memory taken: vectors and matrices are empty.</summary>
    public bool IsOutline { get; }

    /// <summary>Whether the file has a tensor.</summary>
    public bool Has(string name)
    {
        _asked.Add(name);
        return _file.FindTensor(name) is not null;
    }

    /// <summary>Looks whether the file has a tensor.</summary>
    /// <exception cref="GgufException">It is missing.</exception>
    public void Require(string name) => Tensor(name);

    /// <summary>Looks whether all tensors of the file were asked for: a model that leaves some out is another model.</summary>
    /// <exception cref="GgufException">One was not; the message names it.</exception>
    public void RequireNoOther()
    {
        foreach (GgufTensor tensor in _file.Tensors)
            if (!_asked.Contains(tensor.Name)) throw new GgufException($"tensor {tensor}: Konko knows of no such tensor in '{Metadata.Architecture}', and without it the model would be another.");
    }

    /// <summary>A matrix of the given shape; experts of a tensor with three dimensions lie one below the other.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="rows">Outputs.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="paired">
    /// Where not 0: rows are heads of so many rows whose rotary pairs are neighbours; they are reordered so that
    /// element i is paired with i + half.
    /// </param>
    /// <param name="ropeDims">Rows of a head that are rotated.</param>
    /// <exception cref="GgufException">Missing, of another shape, or of a type that cannot be multiplied with.</exception>
    public PackedMatrix Matrix(string name, int rows, int columns, int paired = 0, int ropeDims = 0)
        => Add(name, 0, rows, rows, columns, paired, ropeDims);

    /// <summary>Some rows of a matrix that holds several.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="firstRow">The first row wanted.</param>
    /// <param name="rows">Rows wanted.</param>
    /// <param name="allRows">Rows of the tensor.</param>
    /// <param name="columns">Inputs.</param>
    /// <exception cref="GgufException">As for <see cref="Matrix"/>.</exception>
    public PackedMatrix Rows(string name, int firstRow, int rows, int allRows, int columns) => Add(name, firstRow, rows, allRows, columns, 0, 0);

    /// <summary>A vector of float32, padded to a multiple of 16.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="count">Elements.</param>
    /// <param name="paired">As for <see cref="Matrix"/>.</param>
    /// <param name="ropeDims">As for <see cref="Matrix"/>.</param>
    /// <exception cref="GgufException">Missing, of another length, or not F32.</exception>
    public unsafe AlignedBuffer<float> Vector(string name, int count, int paired = 0, int ropeDims = 0)
    {
        float[] values = ReadVector(name, count);
        AlignedBuffer<float> vector = Memory.Vector(count);
        if (IsOutline) return vector;
        for (int i = 0; i < count; i++) vector.Pointer[i] = values[Source(i, paired, ropeDims)];
        return vector;
    }

    /// <summary>A vector of float32, read at once; ones where there is only an outline.</summary>
    /// <exception cref="GgufException">Missing, of another length, or not F32.</exception>
    public float[] ReadVector(string name, int count)
    {
        GgufTensor tensor = Tensor(name);
        if (tensor.Elements != count) throw new GgufException($"tensor {tensor}: the model's metadata asks for {count} elements.");
        if (tensor.Type != GgmlType.F32) throw new GgufException($"tensor {tensor}: a vector must be F32.");
        if (IsOutline) return [.. Enumerable.Repeat(1f, count)];
        float[] values = new float[count];
        _file.Read(tensor, MemoryMarshal.AsBytes(values.AsSpan()), 0);
        return values;
    }

    /// <summary>A row of a matrix that is looked up and never multiplied with, read at once; left alone where there is only an outline.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="row">The row.</param>
    /// <param name="rows">Rows of the tensor; null where any number will do.</param>
    /// <param name="values">Receives the row; as long as the tensor has columns.</param>
    /// <exception cref="GgufException">Missing, of another shape, or with numbers that are not finite.</exception>
    public void ReadRow(string name, int row, int? rows, Span<float> values)
    {
        GgufTensor tensor = Tensor(name);
        if (tensor.Dimensions.Count > 2 || tensor.Columns != values.Length || (rows ?? tensor.Rows) != tensor.Rows)
            throw new GgufException($"tensor {tensor}: the model's metadata asks for [{values.Length} × {rows?.ToString() ?? "any"}].");
        if (IsOutline) return;
        using var raw = new AlignedBuffer<byte>(tensor.RowBytes);
        _file.Read(tensor, raw.Pointer, row * tensor.RowBytes, raw.Length);
        Dequantizer.Row(tensor.Type, new ReadOnlySpan<byte>(raw.Pointer, (int)raw.Length), values);
        foreach (float value in values)
            if (!float.IsFinite(value)) throw new GgufException($"tensor {tensor}: row {row} has a number that is not finite.");
    }

    /// <summary>Fills everything that was asked for.</summary>
    /// <param name="threads">Threads to read and repack with.</param>
    /// <returns>The fingerprint of the file's content.</returns>
    /// <exception cref="GgufException">A scale that is not finite, or a read that failed.</exception>
    public ulong Run(int threads)
    {
        var chunks = new List<Chunk>();
        foreach (Job job in _jobs)
        {
            long unit = job.Paired > 0 ? Lcm(job.Paired, PanelFormats.Rows) : PanelFormats.Rows;
            long take = Math.Max(1, ChunkBytes / (job.Tensor.RowBytes * unit)) * unit;
            for (long row = 0; row < job.Matrix.Rows; row += take) chunks.Add(new Chunk(job, row, Math.Min(take, job.Matrix.Rows - row)));
        }

        try
        {
            Parallel.ForEach(chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, Fill);
        }
        catch (AggregateException e) when (e.InnerException is GgufException inner)
        {
            throw inner;
        }

        return _fingerprint.Complete();
    }

    private PackedMatrix Add(string name, int firstRow, int rows, int allRows, int columns, int paired, int ropeDims)
    {
        GgufTensor tensor = Tensor(name);
        if (tensor.Dimensions.Count > 3 || tensor.Columns != columns || tensor.Rows != allRows)
            throw new GgufException($"tensor {tensor}: the model's metadata asks for [{columns} × {allRows}].");
        PanelFormat format = Repacker.FormatOf(tensor.Type) ?? throw new GgufException($"tensor {tensor}: matrices of this type cannot be multiplied with.");
        PackedMatrix matrix = Memory.Matrix(format, rows, columns);
        _jobs.Add(new Job(tensor, matrix, firstRow, paired, ropeDims));
        return matrix;
    }

    private GgufTensor Tensor(string name)
    {
        _asked.Add(name);
        return _file.GetTensor(name);
    }

    private void Fill(Chunk chunk)
    {
        Job job = chunk.Job;
        GgufTensor tensor = job.Tensor;
        long rowBytes = tensor.RowBytes, offset = (job.FirstRow + chunk.FirstRow) * rowBytes;
        using var raw = new AlignedBuffer<byte>(chunk.Rows * rowBytes);
        _file.Read(tensor, raw.Pointer, offset, raw.Length);
        // Parts of a fused tensor may start off the fingerprint's words; those are read once more at the end.
        if (job.Matrix.Rows == tensor.Rows) _fingerprint.Add(tensor, offset, new ReadOnlySpan<byte>(raw.Pointer, (int)raw.Length));
        for (long i = 0; i < chunk.Rows; i++)
        {
            long source = Source(i, job.Paired, job.RopeDims);
            if (!Repacker.PackRow(tensor.Type, raw.Pointer + source * rowBytes, job.Matrix, (int)(chunk.FirstRow + i)))
                throw new GgufException($"tensor {tensor}: row {job.FirstRow + chunk.FirstRow + source} has a scale or weight that is not finite.");
        }
    }

    /// <summary>Which row becomes row <paramref name="row"/>: pairs (2i, 2i + 1) become (i, i + half).</summary>
    private static long Source(long row, int paired, int ropeDims)
    {
        if (paired == 0) return row;
        long head = row / paired * paired, within = row % paired;
        int half = ropeDims / 2;
        if (within >= 2 * half) return row;
        return head + (within < half ? 2 * within : 2 * (within - half) + 1);
    }

    private static long Lcm(long a, long b)
    {
        long x = a, y = b;
        while (y != 0) (x, y) = (y, x % y);
        return a / x * b;
    }

    private sealed record Job(GgufTensor Tensor, PackedMatrix Matrix, long FirstRow, int Paired, int RopeDims);

    private sealed record Chunk(Job Job, long FirstRow, long Rows);
}
