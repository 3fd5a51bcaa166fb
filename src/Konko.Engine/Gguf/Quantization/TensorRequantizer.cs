using Konko.Engine.Gguf.Quants;

namespace Konko.Engine.Gguf.Quantization;

/// <summary>
/// Turns tensors into other types. A tensor is a sequence of blocks whatever its rows, so that it is cut into pieces of
/// one size; a stretch of pieces is converted by all threads while the one before it is written.
/// </summary>
internal sealed class TensorRequantizer : IDisposable
{
    // A multiple of every block; in float32 a quarter of a MiB, which stays in a core's cache.
    private const int PieceElements = 64 * 1024;
    private const int StretchPieces = 64;

    private readonly GgufFile _file;
    private readonly ParallelOptions _parallel;
    private readonly ThreadLocal<Buffers> _buffers = new(() => new Buffers());
    private readonly GgufException?[] _failures = new GgufException?[StretchPieces];
    private byte[] _converting = [];
    private byte[] _writing = [];

    public TensorRequantizer(GgufFile file, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _file = file;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
    }

    /// <summary>Writes a tensor as its new type.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="written">Told how many elements more are written.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="GgufException">It cannot be read, or an element is no number that the type holds.</exception>
    public void Write(PlannedTensor tensor, Stream stream, Action<long> written, CancellationToken cancellationToken)
    {
        GgmlTypeInfo layout = GgmlTypeInfo.Of(tensor.Type);
        Task writing = Task.CompletedTask;
        try
        {
            for (long start = 0; start < tensor.Source.Elements; start += PieceElements * StretchPieces)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int elements = (int)Math.Min(PieceElements * StretchPieces, tensor.Source.Elements - start);
                int bytes = (int)layout.RowBytes(elements);
                if (_converting.Length < bytes) _converting = GC.AllocateUninitializedArray<byte>(bytes);
                Convert(tensor, start, elements, _converting);
                writing.GetAwaiter().GetResult();
                (_converting, _writing) = (_writing, _converting);
                byte[] ready = _writing;
                writing = Task.Run(() => stream.Write(ready, 0, bytes), CancellationToken.None);
                written(elements);
            }
        }
        finally
        {
            // The stream and the buffer are in use until then, also after a failure.
            writing.GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffers.Dispose();

    private void Convert(PlannedTensor tensor, long start, int elements, byte[] destination)
    {
        int pieces = (elements + PieceElements - 1) / PieceElements;
        Array.Clear(_failures);
        Parallel.For(0, pieces, _parallel, piece =>
        {
            try
            {
                int first = piece * PieceElements;
                ConvertPiece(tensor, start + first, Math.Min(PieceElements, elements - first), destination, first);
            }
            catch (GgufException e)
            {
                _failures[piece] = e;
            }
        });
        // The first in file order, so that the same damage is told in the same words.
        if (Array.Find(_failures, failure => failure is not null) is GgufException failed) throw failed;
    }

    private void ConvertPiece(PlannedTensor tensor, long start, int elements, byte[] destination, int first)
    {
        GgmlTypeInfo from = tensor.Source.Layout;
        GgmlTypeInfo to = GgmlTypeInfo.Of(tensor.Type);
        Buffers buffers = _buffers.Value!;
        Span<byte> source = buffers.Bytes.AsSpan(0, (int)from.RowBytes(elements));
        Span<float> values = buffers.Values.AsSpan(0, elements);
        Span<byte> target = destination.AsSpan((int)to.RowBytes(first), (int)to.RowBytes(elements));
        _file.Read(tensor.Source, source, from.RowBytes(start));
        Dequantizer.Row(from.Type, source, values);
        Check(tensor, values, start);
        if (from.Type == to.Type) source.CopyTo(target);
        else Quantizer.Row(to.Type, values, target);
    }

    private void Check(PlannedTensor tensor, ReadOnlySpan<float> values, long start)
    {
        float largest = tensor.Type == tensor.Source.Type ? float.MaxValue : Quantizer.LargestOf(tensor.Type);
        int bad = Quantizer.FindBeyond(values, largest);
        if (bad < 0) return;
        string limit = float.IsFinite(values[bad]) ? $"and {tensor.Type} ends at ±{largest}" : "which no weight may be";
        throw new GgufException($"{Path.GetFileName(_file.Path)}: tensor '{tensor.Source.Name}': element {start + bad} is {values[bad]}, {limit}.");
    }

    private sealed class Buffers
    {
        public readonly byte[] Bytes = GC.AllocateUninitializedArray<byte>(PieceElements * sizeof(float));
        public readonly float[] Values = GC.AllocateUninitializedArray<float>(PieceElements);
    }
}
