namespace Konko.Engine.Gguf;

/// <summary>Where a tensor lies and what shape it has. Its bytes are checked to lie within the file.</summary>
public sealed class GgufTensor
{
    internal GgufTensor(string name, long[] dimensions, GgmlTypeInfo layout, long offset, long byteLength, int shard)
    {
        Name = name;
        Dimensions = dimensions;
        Layout = layout;
        Offset = offset;
        ByteLength = byteLength;
        Shard = shard;
        Elements = 1;
        foreach (long dimension in dimensions) Elements *= dimension;
    }

    /// <summary>The name, unique in the model.</summary>
    public string Name { get; }

    /// <summary>One to four dimensions, each at least 1, the contiguous one first (ggml's ne order).</summary>
    public IReadOnlyList<long> Dimensions { get; }

    /// <summary>The element type.</summary>
    public GgmlType Type => Layout.Type;

    /// <summary>The layout of the element type.</summary>
    public GgmlTypeInfo Layout { get; }

    /// <summary>Offset of the first byte from the start of its file.</summary>
    public long Offset { get; }

    /// <summary>Size in bytes.</summary>
    public long ByteLength { get; }

    /// <summary>Number of elements.</summary>
    public long Elements { get; }

    /// <summary>Elements of a row: the first dimension.</summary>
    public long Columns => Dimensions[0];

    /// <summary>Number of rows: the product of all dimensions but the first.</summary>
    public long Rows => Elements / Dimensions[0];

    /// <summary>Bytes of a row.</summary>
    public long RowBytes => Layout.RowBytes(Dimensions[0]);

    /// <summary>Which file of a split model it lies in, from 0.</summary>
    internal int Shard { get; }

    /// <summary>Name, type and shape, for messages.</summary>
    public override string ToString() => $"'{Name}' {Type} [{string.Join(" × ", Dimensions)}]";
}
