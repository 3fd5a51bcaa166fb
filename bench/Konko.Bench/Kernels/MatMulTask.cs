using System.Runtime.InteropServices;
using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Bench.Kernels;

/// <summary>One matrix times some tokens on a team, each time with a copy of the matrix that no cache holds: a model's other matrices would have pushed it out.</summary>
internal sealed unsafe class MatMulTask : TeamTask, IDisposable
{
    private const long BytesInTurn = 128L << 20;

    private readonly PackedMatrix[] _copies;
    private readonly Activations _activations;
    private readonly AlignedBuffer<float> _output;
    private readonly AlignedBuffer<float> _scratch;
    private readonly long _scratchOfThread;
    private readonly int _tokens;
    private readonly int _stride;
    private int _turn;

    /// <summary>Makes matrices and activations.</summary>
    /// <param name="type">How the weights are quantised.</param>
    /// <param name="shape">The matrix.</param>
    /// <param name="tokens">Tokens of a step.</param>
    public MatMulTask(GgmlType type, MatrixShape shape, int tokens)
    {
        _tokens = tokens;
        var first = new PackedMatrix(Repacker.FormatOf(type)!.Value, shape.Rows, shape.Columns);
        Fill(type, first);
        _copies = new PackedMatrix[Math.Max(2, BytesInTurn / first.Bytes)];
        _copies[0] = first;
        for (int i = 1; i < _copies.Length; i++)
        {
            _copies[i] = new PackedMatrix(first.Format, shape.Rows, shape.Columns);
            NativeMemory.Copy(first.Quants(0), _copies[i].Quants(0), (nuint)first.Bytes);
        }

        _activations = new Activations(tokens, shape.Columns);
        for (int token = 0; token < tokens; token++)
        {
            for (int column = 0; column < shape.Columns; column++) _activations.Values(token)[column] = (token * 31 + column * 17) % 255 / 127f - 1;
            if (first.Format.IsQuantised()) Quantizer.Run(_activations, token, shape.Columns);
        }

        _scratchOfThread = PanelScales.MostExpandedWords(shape.Columns);
        _scratch = new AlignedBuffer<float>(Environment.ProcessorCount * _scratchOfThread);
        _stride = first.Panels * PanelFormats.Rows;
        _output = new AlignedBuffer<float>((long)tokens * _stride);
    }

    /// <summary>Bytes of one matrix.</summary>
    public long Bytes => _copies[0].Bytes;

    /// <summary>Whether its products are those of bytes.</summary>
    public bool IsQuantised => _copies[0].Format.IsQuantised();

    /// <summary>Goes on to the next copy.</summary>
    public void Turn() => _turn = (_turn + 1) % _copies.Length;

    /// <inheritdoc/>
    public override void Run(WorkerTeam team, int worker)
    {
        PackedMatrix matrix = _copies[_turn];
        var product = new Product(matrix, (nint)_output.Pointer, _stride, Accumulate: false);
        int share = Math.Max(1, matrix.Panels / (8 * team.Threads));
        while (team.Take(worker, matrix.Panels, share, out int first, out int end)) MatMul.Run(product, _activations, 0, _tokens, first, end - first, _scratch.Pointer + worker * _scratchOfThread);
    }

    public void Dispose()
    {
        foreach (PackedMatrix matrix in _copies) matrix.Dispose();
        _activations.Dispose();
        _output.Dispose();
        _scratch.Dispose();
    }

    // Bytes of which any two make a half of ordinary size, so that scales are numbers wherever a type has them.
    private static void Fill(GgmlType type, PackedMatrix matrix)
    {
        GgmlTypeInfo layout = GgmlTypeInfo.Of(type);
        using var row = new AlignedBuffer<byte>(matrix.Columns / layout.BlockElements * layout.BlockBytes);
        for (int r = 0; r < matrix.Rows; r++)
        {
            for (long i = 0; i < row.Length; i++) row.Pointer[i] = (byte)(0x2A + ((uint)(r + i) * 2654435761u >> 29));
            Repacker.PackRow(type, row.Pointer, matrix, r);
        }
    }
}
