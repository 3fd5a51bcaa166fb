namespace Konko.Engine.Kernels;

/// <summary>How a matrix lies in memory once it is repacked into panels of 16 rows; see docs/kernels.md.</summary>
internal enum PanelFormat
{
    /// <summary>w = d · (q − 8): nibbles, one half d a block of 32 (Q4_0).</summary>
    Q4Zero,

    /// <summary>w = d · q + m: nibbles, halves d and m a block of 32 (Q4_1).</summary>
    Q4Min,

    /// <summary>w = d · q: bytes biased by 128, one half d a block of 32 (Q8_0).</summary>
    Q8,

    /// <summary>w = d · s · q: bytes biased by 128, one int8 s a 16, one half d a 256 (Q6_K).</summary>
    Q8Super,

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

    /// <summary>Whether the format takes activations as int8 blocks (else as floats).</summary>
    public static bool IsQuantised(this PanelFormat format) => format < PanelFormat.F32;

    /// <summary>Bytes of quants (or of the floats themselves) of 16 rows × <paramref name="columns"/>.</summary>
    public static long QuantBytes(this PanelFormat format, int columns) => format switch
    {
        PanelFormat.Q4Zero or PanelFormat.Q4Min => (long)columns / 2 * Rows,
        PanelFormat.Q8 or PanelFormat.Q8Super => (long)columns * Rows,
        PanelFormat.F32 => (long)columns * Rows * 4,
        _ => (long)columns * Rows * 2,
    };

    /// <summary>Bytes of the scales of 16 rows × <paramref name="columns"/>, a multiple of 64.</summary>
    public static long ScaleBytes(this PanelFormat format, int columns)
    {
        long blocks = columns / Block;
        long bytes = format switch
        {
            PanelFormat.Q4Zero or PanelFormat.Q8 => blocks * Rows * 2,
            PanelFormat.Q4Min => blocks * Rows * 4,
            // For each 256: 16 halves, then for each 16 columns 16 int8.
            PanelFormat.Q8Super => columns / 256 * (Rows * 2L + 16 * Rows),
            _ => 0,
        };
        return (bytes + 63) & ~63L;
    }
}
