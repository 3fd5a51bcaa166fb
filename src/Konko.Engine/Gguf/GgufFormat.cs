namespace Konko.Engine.Gguf;

/// <summary>The format's constants.</summary>
internal static class GgufFormat
{
    /// <summary>"GGUF", read as a little-endian integer.</summary>
    public const uint Magic = 0x46554747;

    /// <summary>"ggml", the first of the older formats.</summary>
    public const uint GgmlMagic = 0x67676d6c;

    /// <summary>"ggmf", an older format.</summary>
    public const uint GgmfMagic = 0x67676d66;

    /// <summary>"ggjt", an older format.</summary>
    public const uint GgjtMagic = 0x67676a74;

    /// <summary>Alignment of files that give none.</summary>
    public const uint DefaultAlignment = 32;

    /// <summary>The key of the alignment.</summary>
    public const string AlignmentKey = "general.alignment";

    /// <summary>The key of the architecture.</summary>
    public const string ArchitectureKey = "general.architecture";

    /// <summary>What the keys that describe a split begin with.</summary>
    public const string SplitPrefix = "split.";

    /// <summary>The next multiple of the alignment.</summary>
    /// <param name="offset">At least 0.</param>
    /// <param name="alignment">A power of two.</param>
    public static long Align(long offset, uint alignment) => (offset + alignment - 1) & -(long)alignment;
}
