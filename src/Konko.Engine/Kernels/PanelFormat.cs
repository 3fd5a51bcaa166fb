namespace Konko.Engine.Kernels;

/// <summary>How a matrix lies in memory once it is repacked into panels of 16 rows; see docs/kernels.md.</summary>
internal enum PanelFormat
{
    /// <summary>w = d · (q − 8): four bits (Q4_0).</summary>
    Q4Zero,

    /// <summary>w = d · q + m: four bits (Q4_1).</summary>
    Q4Min,

    /// <summary>w = d · s · q − e · t: four bits, s and t a 32 (Q4_K).</summary>
    Q4Super,

    /// <summary>w = d · (q − 16): five bits (Q5_0).</summary>
    Q5Zero,

    /// <summary>w = d · q + m: five bits (Q5_1).</summary>
    Q5Min,

    /// <summary>w = d · s · q − e · t: five bits, s and t a 32 (Q5_K).</summary>
    Q5Super,

    /// <summary>w = d · s · (q − 32): six bits, s a 16 (Q6_K).</summary>
    Q6Super,

    /// <summary>w = d · s · (q − 4): three bits, s a 16 (Q3_K).</summary>
    Q3Super,

    /// <summary>w = d · s · q − e · t: two bits, s and t a 16 (Q2_K).</summary>
    Q2Super,

    /// <summary>w = d · (q − 128): bytes (Q8_0).</summary>
    Q8,

    /// <summary>w = d · table(q): four bits (IQ4_NL).</summary>
    Codebook,

    /// <summary>w = d · s · table(q): four bits, s a 32 (IQ4_XS).</summary>
    CodebookSuper,

    /// <summary>w = 2^(e − 128) · table(q): four bits (MXFP4).</summary>
    Exponent,

    /// <summary>float32.</summary>
    F32,

    /// <summary>IEEE half.</summary>
    F16,

    /// <summary>bfloat16.</summary>
    BF16,
}

/// <summary>Sizes of the panel formats.</summary>
internal static class PanelFormats
{
    /// <summary>Rows of a panel: one a lane of a 512-bit vector of floats.</summary>
    public const int Rows = 16;

    /// <summary>Weights of a row that share a scale.</summary>
    public const int Block = 32;

    /// <summary>Weights of a row that share the scale of their scales.</summary>
    public const int SuperBlock = 256;

    /// <summary>Whether the format takes activations as int8 blocks (else as floats).</summary>
    public static bool IsQuantised(this PanelFormat format) => format < PanelFormat.F32;

    /// <summary>Bytes of quants (or of the floats themselves) of 16 rows × <paramref name="columns"/>.</summary>
    public static long QuantBytes(this PanelFormat format, int columns) => format switch
    {
        PanelFormat.F32 => (long)columns * Rows * 4,
        PanelFormat.F16 or PanelFormat.BF16 => (long)columns * Rows * 2,
        _ => columns / Block * Visit<Sizes, long>(format, new Sizes(true)),
    };

    /// <summary>Bytes of the scales of 16 rows × <paramref name="columns"/>, a multiple of 64.</summary>
    public static long ScaleBytes(this PanelFormat format, int columns)
        => format.IsQuantised() ? (columns / Block * Visit<Sizes, long>(format, new Sizes(false)) / 8 + 63) & ~63L : 0;

    /// <summary>Calls a visitor with the format's constants as a type, so that the JIT compiles a body for each.</summary>
    /// <param name="format">A quantised format.</param>
    /// <param name="visitor">The visitor.</param>
    public static TResult Visit<TVisitor, TResult>(PanelFormat format, TVisitor visitor)
        where TVisitor : struct, IPanelVisitor<TResult> => format switch
        {
            PanelFormat.Q4Zero => visitor.Run<Q4Zero>(),
            PanelFormat.Q4Min => visitor.Run<Q4Min>(),
            PanelFormat.Q4Super => visitor.Run<Q4Super>(),
            PanelFormat.Q5Zero => visitor.Run<Q5Zero>(),
            PanelFormat.Q5Min => visitor.Run<Q5Min>(),
            PanelFormat.Q5Super => visitor.Run<Q5Super>(),
            PanelFormat.Q6Super => visitor.Run<Q6Super>(),
            PanelFormat.Q3Super => visitor.Run<Q3Super>(),
            PanelFormat.Q2Super => visitor.Run<Q2Super>(),
            PanelFormat.Q8 => visitor.Run<Q8>(),
            PanelFormat.Codebook => visitor.Run<Codebook>(),
            PanelFormat.CodebookSuper => visitor.Run<CodebookSuper>(),
            PanelFormat.Exponent => visitor.Run<Exponent>(),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "The format is not quantised."),
        };

    /// <summary>Bytes of a block's quants, or of eight blocks' scales.</summary>
    private readonly struct Sizes(bool quants) : IPanelVisitor<long>
    {
        public long Run<TFormat>()
            where TFormat : struct, IPanelFormat => quants ? PanelQuants.BlockBytes<TFormat>() : PanelScales.SuperBytes<TFormat>();
    }
}

/// <summary>Something done with a format's constants.</summary>
/// <typeparam name="TResult">What comes of it.</typeparam>
internal interface IPanelVisitor<TResult>
{
    /// <summary>Does it.</summary>
    TResult Run<TFormat>()
        where TFormat : struct, IPanelFormat;
}
