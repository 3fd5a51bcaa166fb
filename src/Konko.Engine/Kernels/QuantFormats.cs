namespace Konko.Engine.Kernels;

/// <summary>What is constant about a format of four-bit panels, for kernels to be specialised by.</summary>
internal interface IQ4Format
{
    /// <summary>Bytes of the scales of 16 rows: of a block of 32 columns, or of 256 where <see cref="Super"/>.</summary>
    static abstract int ScaleBytes { get; }

    /// <summary>Whether a zero point of 8 is taken off; otherwise there is a minimum.</summary>
    static abstract bool Zero { get; }

    /// <summary>Whether blocks have integer scales under those of 256 columns: 16 d, 16 e, then for each block 16 s, 16 t.</summary>
    static abstract bool Super { get; }
}

internal readonly struct Q4Zero : IQ4Format
{
    public static int ScaleBytes => 32;

    public static bool Zero => true;

    public static bool Super => false;
}

internal readonly struct Q4Min : IQ4Format
{
    public static int ScaleBytes => 64;

    public static bool Zero => false;

    public static bool Super => false;
}

internal readonly struct Q4Super : IQ4Format
{
    public static int ScaleBytes => 64 + 8 * 32;

    public static bool Zero => false;

    public static bool Super => true;
}

/// <summary>What is constant about a format of eight-bit panels, for kernels to be specialised by.</summary>
internal interface IQ8Format
{
    /// <summary>Bytes of the scales of 16 rows: of a block of 32 columns, or of 256 where <see cref="Super"/>.</summary>
    static abstract int ScaleBytes { get; }

    /// <summary>Whether there is a minimum.</summary>
    static abstract bool Min { get; }

    /// <summary>Whether the scale is a power of two, given by one byte.</summary>
    static abstract bool Exponent { get; }

    /// <summary>Whether 16s of columns have integer scales under those of 256: 16 d (16 e), then 16 × 16 s (16 × 16 t).</summary>
    static abstract bool Super { get; }
}

internal readonly struct Q8 : IQ8Format
{
    public static int ScaleBytes => 32;

    public static bool Min => false;

    public static bool Exponent => false;

    public static bool Super => false;
}

internal readonly struct Q8Min : IQ8Format
{
    public static int ScaleBytes => 64;

    public static bool Min => true;

    public static bool Exponent => false;

    public static bool Super => false;
}

internal readonly struct Q8Exponent : IQ8Format
{
    public static int ScaleBytes => 16;

    public static bool Min => false;

    public static bool Exponent => true;

    public static bool Super => false;
}

internal readonly struct Q8Super : IQ8Format
{
    public static int ScaleBytes => 32 + 256;

    public static bool Min => false;

    public static bool Exponent => false;

    public static bool Super => true;
}

internal readonly struct Q8SuperMin : IQ8Format
{
    public static int ScaleBytes => 64 + 512;

    public static bool Min => true;

    public static bool Exponent => false;

    public static bool Super => true;
}
