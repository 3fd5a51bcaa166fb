namespace Konko.Engine.Kernels;

/// <summary>A weight matrix repacked into panels of 16 rows, the layout that every kernel reads.</summary>
/// <remarks>
/// Panel p holds rows 16p … 16p + 15 (missing ones are zero): its scales, then its quants, each 64-byte aligned, so that a
/// thread's panels are one stretch of memory that is read from front to back. Quants go along K in chunks of 64 bytes with
/// byte[4 · row + j]: four neighbouring columns of sixteen rows, so that a lane of 32 bits belongs to one row. Eight-bit
/// chunks hold columns 4c + j; four-bit chunks hold columns 8c + j in the low nibbles and 8c + 4 + j in the high ones. Float formats are [column][16 rows].
/// </remarks>
internal sealed unsafe class PackedMatrix : IDisposable
{
    private readonly AlignedBuffer<byte> _memory;
    private readonly long _scaleBytes;
    private readonly long _stride;

    /// <summary>Room for a matrix; <see cref="Repacker"/> fills it.</summary>
    /// <param name="format">The panel format.</param>
    /// <param name="rows">Outputs.</param>
    /// <param name="columns">Inputs; a multiple of 32 (256 for super-blocks) where quantised.</param>
    public PackedMatrix(PanelFormat format, int rows, int columns)
        : this(format, rows, columns, new AlignedBuffer<byte>(BytesOf(format, rows, columns)))
    {
    }

    /// <summary>The same in memory that is given.</summary>
    /// <param name="format">The panel format.</param>
    /// <param name="rows">Outputs.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="memory">Zeroed memory of <see cref="BytesOf"/>.</param>
    public PackedMatrix(PanelFormat format, int rows, int columns, AlignedBuffer<byte> memory)
    {
        Format = format;
        Rows = rows;
        Columns = columns;
        Panels = (rows + PanelFormats.Rows - 1) / PanelFormats.Rows;
        _scaleBytes = ScaleBytes(format, columns);
        _stride = _scaleBytes + format.QuantBytes(columns);
        _memory = memory;
    }

    /// <summary>The panel format.</summary>
    public PanelFormat Format { get; }

    /// <summary>Number of outputs.</summary>
    public int Rows { get; }

    /// <summary>Number of inputs.</summary>
    public int Columns { get; }

    /// <summary>Number of panels: rows / 16, rounded up.</summary>
    public int Panels { get; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _memory.Length;

    /// <summary>Bytes that a matrix takes.</summary>
    public static long BytesOf(PanelFormat format, int rows, int columns)
        => checked((rows + PanelFormats.Rows - 1L) / PanelFormats.Rows * (ScaleBytes(format, columns) + format.QuantBytes(columns)));

    /// <summary>The scales of a panel.</summary>
    public byte* Scales(int panel) => _memory.Pointer + panel * _stride;

    /// <summary>The quants of a panel.</summary>
    public byte* Quants(int panel) => _memory.Pointer + panel * _stride + _scaleBytes;

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static long ScaleBytes(PanelFormat format, int columns) => (format.ScaleBytes(columns) + 63) & ~63L;
}
