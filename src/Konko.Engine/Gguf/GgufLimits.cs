namespace Konko.Engine.Gguf;

/// <summary>
/// Bounds on what a file may declare. Real files stay far below them; together they keep the memory that a hostile
/// header can claim within the file's own size and a few tens of MiB, since every other allocation is checked
/// against the bytes that are really there.
/// </summary>
internal static class GgufLimits
{
    /// <summary>Most metadata keys of all shards together.</summary>
    public const int Keys = 32_768;

    /// <summary>Most tensors of all shards together.</summary>
    public const int Tensors = 65_536;

    /// <summary>Longest metadata key in bytes.</summary>
    public const int KeyBytes = 256;

    /// <summary>Longest tensor name in bytes, as the format's specification says.</summary>
    public const int TensorNameBytes = 64;

    /// <summary>Most arrays within arrays of all shards together.</summary>
    public const int NestedArrays = 65_536;

    /// <summary>How deep arrays may nest; 1 is a plain array.</summary>
    public const int ArrayDepth = 4;

    /// <summary>Most dimensions of a tensor.</summary>
    public const int Dimensions = 4;

    /// <summary>Most files of a split model.</summary>
    public const int Shards = 1_024;

    /// <summary>Largest <c>general.alignment</c>.</summary>
    public const uint Alignment = 1 << 20;

    /// <summary>Longest string that is handed out decoded, in bytes (the longest chat templates are some 20 KiB).</summary>
    public const int DecodedStringBytes = 1 << 20;

    /// <summary>Longest name of an architecture in bytes; it goes into many keys.</summary>
    public const int ArchitectureBytes = 64;
}
