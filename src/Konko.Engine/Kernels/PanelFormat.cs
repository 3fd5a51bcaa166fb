namespace Konko.Engine.Kernels;

/// <summary>How a matrix lies in memory once it is repacked into panels of 16 rows; see docs/kernels.md.</summary>
internal enum PanelFormat
{
    /// <summary>w = d · (q − 8): nibbles, one half d a block of 32 (Q4_0).</summary>
    Q4Zero,

    /// <summary>w = d · q + m: nibbles, halves d and m a block of 32 (Q4_1).</summary>
    Q4Min,

    /// <summary>w = d · s · q − e · t: nibbles, bytes s and t a block of 32, halves d and e a 256 (Q4_K).</summary>
    Q4Super,

    /// <summary>w = d · q: bytes biased by 128, one half d a block of 32 (Q8_0, Q5_0, IQ4_NL).</summary>
    Q8,

    /// <summary>w = d · q + m: bytes biased by 128, halves d and m a block of 32 (Q5_1).</summary>
    Q8Min,

    /// <summary>w = 2^(e − 128) · q: bytes biased by 128, one byte e a block of 32 (MXFP4).</summary>
    Q8Exponent,

    /// <summary>w = d · s · q: bytes biased by 128, one int8 s a 16, one half d a 256 (Q6_K, Q3_K, IQ4_XS).</summary>
    Q8Super,

    /// <summary>w = d · s · q − e · t: bytes biased by 128, int8 s and t a 16, halves d and e a 256 (Q5_K, Q2_K).</summary>
    Q8SuperMin,

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
        PanelFormat.Q4Zero or PanelFormat.Q4Min or PanelFormat.Q4Super => (long)columns / 2 * Rows,
        PanelFormat.F32 => (long)columns * Rows * 4,
        PanelFormat.F16 or PanelFormat.BF16 => (long)columns * Rows * 2,
        _ => (long)columns * Rows,
    };

    /// <summary>Bytes of the scales of 16 rows × <paramref name="columns"/>, a multiple of 64.</summary>
    public static long ScaleBytes(this PanelFormat format, int columns)
    {
        long bytes = format switch
        {
            PanelFormat.Q4Zero => columns / Block * Q4Zero.ScaleBytes,
            PanelFormat.Q4Min => columns / Block * Q4Min.ScaleBytes,
            PanelFormat.Q4Super => columns / SuperBlock * Q4Super.ScaleBytes,
            PanelFormat.Q8 => columns / Block * Q8.ScaleBytes,
            PanelFormat.Q8Min => columns / Block * Q8Min.ScaleBytes,
            PanelFormat.Q8Exponent => columns / Block * Q8Exponent.ScaleBytes,
            PanelFormat.Q8Super => columns / SuperBlock * Q8Super.ScaleBytes,
            PanelFormat.Q8SuperMin => columns / SuperBlock * Q8SuperMin.ScaleBytes,
            _ => 0L,
        };
        return (bytes + 63) & ~63L;
    }
}
