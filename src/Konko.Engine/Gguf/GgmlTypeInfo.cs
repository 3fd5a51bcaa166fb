namespace Konko.Engine.Gguf;

/// <summary>How a type lays its elements out: blocks of a fixed number of elements in a fixed number of bytes.</summary>
/// <param name="Type">The type.</param>
/// <param name="BlockElements">Elements of a block; a row is a whole number of blocks.</param>
/// <param name="BlockBytes">Bytes of a block.</param>
public sealed record GgmlTypeInfo(GgmlType Type, int BlockElements, int BlockBytes)
{
    private static readonly GgmlTypeInfo[] s_readable =
    [
        new(GgmlType.F32, 1, 4),
        new(GgmlType.F16, 1, 2),
        new(GgmlType.BF16, 1, 2),
        new(GgmlType.Q4_0, 32, 18),
        new(GgmlType.Q4_1, 32, 20),
        new(GgmlType.Q5_0, 32, 22),
        new(GgmlType.Q5_1, 32, 24),
        new(GgmlType.Q8_0, 32, 34),
        new(GgmlType.Q2_K, 256, 84),
        new(GgmlType.Q3_K, 256, 110),
        new(GgmlType.Q4_K, 256, 144),
        new(GgmlType.Q5_K, 256, 176),
        new(GgmlType.Q6_K, 256, 210),
        new(GgmlType.IQ4_NL, 32, 18),
        new(GgmlType.IQ4_XS, 256, 136),
        new(GgmlType.MXFP4, 32, 17),
    ];

    /// <summary>The types that Konko reads; files with any other are refused.</summary>
    public static IReadOnlyList<GgmlTypeInfo> Readable => s_readable;

    /// <summary>The layout of a type, or null where Konko does not read it.</summary>
    /// <param name="type">Any number a file may hold.</param>
    public static GgmlTypeInfo? Find(GgmlType type) => Array.Find(s_readable, info => info.Type == type);

    /// <summary>The layout of a type that Konko reads.</summary>
    /// <param name="type">One of <see cref="Readable"/>.</param>
    /// <exception cref="GgufException">Konko does not read it.</exception>
    public static GgmlTypeInfo Of(GgmlType type) => Find(type) ?? throw new GgufException($"Type {Unreadable(type)}.");

    /// <summary>Bytes of a row.</summary>
    /// <param name="elements">A multiple of <see cref="BlockElements"/>.</param>
    public long RowBytes(long elements) => elements / BlockElements * BlockBytes;

    /// <summary>Says of a type by name that it is not read, and which are.</summary>
    internal static string Unreadable(GgmlType type)
        => $"{(Enum.IsDefined(type) ? type.ToString() : $"number {(uint)type}")}, which Konko does not read; it reads {string.Join(", ", s_readable.Select(info => info.Type))}";
}
