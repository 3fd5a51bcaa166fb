namespace Konko.Server.Models;

/// <summary>What a model's file tells before the weights are read.</summary>
internal sealed record ModelFile
{
    /// <summary>For the model's row.</summary>
    public ModelMetadata Metadata { get; init; } = new();

    /// <summary>Whether the model gives embeddings and no text.</summary>
    public bool IsEncoder { get; init; }

    /// <summary>Size of the file, or of all files of a split model.</summary>
    public long FileBytes { get; init; }

    /// <summary>Most tokens of a prompt and its answer, as the file or the configuration has it.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Bytes of the weights in memory.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of everything beside weights, keys and values.</summary>
    public required long BufferBytes { get; init; }

    /// <summary>Bytes of keys and values that the model gets where there is room.</summary>
    public long KvBytes { get; init; }

    /// <summary>The fewest bytes of keys and values that it is run with.</summary>
    public long LeastKvBytes { get; init; }

    /// <summary>Bytes of keys and values of a position; 0 where there are none to keep.</summary>
    public long PositionBytes { get; init; }

    /// <summary>The fewest bytes that the model can be run in.</summary>
    public long LeastBytes => WeightBytes + BufferBytes + LeastKvBytes;
}
