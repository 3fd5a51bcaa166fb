namespace Konko.Engine.Gguf.Quantization;

/// <summary>What becomes of a tensor.</summary>
/// <param name="Source">The tensor as it is.</param>
/// <param name="Wanted">The type that the recipe and the options ask for.</param>
/// <param name="Type">The type it gets: another than wanted where its rows are no whole blocks of that.</param>
public sealed record PlannedTensor(GgufTensor Source, GgmlType Wanted, GgmlType Type)
{
    /// <summary>Its size in bytes afterwards.</summary>
    public long ByteLength => GgmlTypeInfo.Of(Type).RowBytes(Source.Elements);
}
