namespace Konko.Cli.Tests.Support;

/// <summary>What <see cref="FakeServer"/> answers.</summary>
/// <param name="Pieces">Pieces of a stream, or the one body of a whole answer or an error.</param>
internal sealed record FakeAnswer(IReadOnlyList<string> Pieces)
{
    public int Status { get; init; } = 200;

    /// <summary>Whether the stream stays open behind its pieces until the client leaves.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Whether the connection ends behind the pieces, without an end of the answer.</summary>
    public bool IsCut { get; init; }
}
