namespace Konko.Engine.Kernels;

/// <summary>How the quants of a panel are stored.</summary>
internal enum QuantBits
{
    /// <summary>0 … 3.</summary>
    Two,

    /// <summary>0 … 7.</summary>
    Three,

    /// <summary>0 … 15.</summary>
    Four,

    /// <summary>0 … 31.</summary>
    Five,

    /// <summary>0 … 63.</summary>
    Six,

    /// <summary>0 … 255.</summary>
    Eight,

    /// <summary>Nibbles that stand for the values of IQ4, biased by 128.</summary>
    Codebook,

    /// <summary>Nibbles that stand for the doubled values of MXFP4, biased by 12.</summary>
    Mxfp,
}

/// <summary>What is constant about a format of quantised panels, for kernels to be specialised by.</summary>
internal interface IPanelFormat
{
    /// <summary>How quants are stored.</summary>
    static abstract QuantBits Bits { get; }

    /// <summary>What is taken off a quant.</summary>
    static abstract int Bias { get; }

    /// <summary>Columns that share an integer scale under the one of 256 columns: 16 or 32; 0 where each block of 32 has a scale of its own.</summary>
    static abstract int Sub { get; }

    /// <summary>Whether there is a minimum beside each scale.</summary>
    static abstract bool Min { get; }
}

internal readonly struct Q4Zero : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Four;

    public static int Bias => 8;

    public static int Sub => 0;

    public static bool Min => false;
}

internal readonly struct Q4Min : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Four;

    public static int Bias => 0;

    public static int Sub => 0;

    public static bool Min => true;
}

internal readonly struct Q4Super : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Four;

    public static int Bias => 0;

    public static int Sub => 32;

    public static bool Min => true;
}

internal readonly struct Q5Zero : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Five;

    public static int Bias => 16;

    public static int Sub => 0;

    public static bool Min => false;
}

internal readonly struct Q5Min : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Five;

    public static int Bias => 0;

    public static int Sub => 0;

    public static bool Min => true;
}

internal readonly struct Q5Super : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Five;

    public static int Bias => 0;

    public static int Sub => 32;

    public static bool Min => true;
}

internal readonly struct Q6Super : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Six;

    public static int Bias => 32;

    public static int Sub => 16;

    public static bool Min => false;
}

internal readonly struct Q3Super : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Three;

    public static int Bias => 4;

    public static int Sub => 16;

    public static bool Min => false;
}

internal readonly struct Q2Super : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Two;

    public static int Bias => 0;

    public static int Sub => 16;

    public static bool Min => true;
}

internal readonly struct Q8 : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Eight;

    public static int Bias => 128;

    public static int Sub => 0;

    public static bool Min => false;
}

internal readonly struct Codebook : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Codebook;

    public static int Bias => 128;

    public static int Sub => 0;

    public static bool Min => false;
}

internal readonly struct CodebookSuper : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Codebook;

    public static int Bias => 128;

    public static int Sub => 32;

    public static bool Min => false;
}

internal readonly struct Exponent : IPanelFormat
{
    public static QuantBits Bits => QuantBits.Mxfp;

    public static int Bias => 12;

    public static int Sub => 0;

    public static bool Min => false;
}
