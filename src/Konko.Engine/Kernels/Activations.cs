using System.Runtime.CompilerServices;

namespace Konko.Engine.Kernels;

/// <summary>The inputs of a matrix product for all tokens of a step, as floats and, where asked for, as int8 blocks.</summary>
/// <remarks>
/// The int8 form is cut into tiles of 8 tokens so that a tile's bytes for one block of 32 columns are neighbours:
/// [tile][block][token 0…7][32 bytes]; beside it a record a block and tile: eight scales a, eight products a · Σq
/// (rounded once), eight 8 · Σq, and eight pairs of int16, Σq of the first and of the second 16 columns.
/// </remarks>
internal sealed unsafe class Activations : IDisposable
{
    /// <summary>Tokens of a tile.</summary>
    public const int TileTokens = 8;

    /// <summary>32-bit words of a block's record: two lines of the cache.</summary>
    public const int RecordWords = 4 * TileTokens;

    /// <summary>Where a · Σq stands in a record, a float.</summary>
    public const int ScaledSums = TileTokens;

    /// <summary>Where 8 · Σq stands, an int32.</summary>
    public const int EightSums = 2 * TileTokens;

    /// <summary>Where the halves' sums stand, two int16.</summary>
    public const int HalfSums = 3 * TileTokens;

    private readonly AlignedBuffer<float> _values;
    private readonly AlignedBuffer<sbyte> _quants;
    private readonly AlignedBuffer<float> _records;

    /// <summary>Room for the activations of a step.</summary>
    /// <param name="tokens">Most tokens.</param>
    /// <param name="columns">Inputs of a token, padded to a multiple of 32 here.</param>
    /// <param name="values">Whether there is room for the floats too.</param>
    public Activations(int tokens, int columns, bool values = true)
    {
        Stride = (columns + 31) & ~31;
        int tiles = (tokens + TileTokens - 1) / TileTokens;
        _values = new AlignedBuffer<float>(values ? (long)tokens * Stride : 0);
        _quants = new AlignedBuffer<sbyte>((long)tiles * TileTokens * Stride);
        _records = new AlignedBuffer<float>((long)tiles * (Stride / 32) * RecordWords);
    }

    /// <summary>Floats from one token to the next.</summary>
    public int Stride { get; }

    /// <summary>A token's floats, 64-byte aligned.</summary>
    public float* Values(int token) => _values.Pointer + (long)token * Stride;

    /// <summary>Makes a token's activations of floats that lie elsewhere, in the forms that its products take.</summary>
    /// <param name="token">The token.</param>
    /// <param name="values">Its floats, 64-byte aligned.</param>
    /// <param name="columns">How many.</param>
    /// <param name="floats">Whether a product takes floats.</param>
    /// <param name="quants">Whether a product takes int8.</param>
    public void Set(int token, float* values, int columns, bool floats, bool quants)
    {
        if (floats) new ReadOnlySpan<float>(values, columns).CopyTo(new Span<float>(Values(token), columns));
        if (quants) Quantizer.Run(values, this, token, columns);
    }

    /// <summary>A tile's int8 bytes for a product over <paramref name="columns"/> columns.</summary>
    public sbyte* Quants(int tile, int columns) => _quants.Pointer + (long)tile * TileTokens * columns;

    /// <summary>A tile's records for a product over <paramref name="columns"/> columns.</summary>
    public float* Records(int tile, int columns) => _records.Pointer + (long)tile * (columns / 32) * RecordWords;

    /// <summary>Σq of the first and of the second 16 columns of a block.</summary>
    /// <param name="record">The token's column of the block's record.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int First, int Second) Halves(float* record)
    {
        int pair = ((int*)record)[HalfSums];
        return ((short)pair, pair >> 16);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _values.Dispose();
        _quants.Dispose();
        _records.Dispose();
    }
}
