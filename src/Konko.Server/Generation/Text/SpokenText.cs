namespace Konko.Server.Generation.Text;

/// <summary>A stretch of an answer, parted into what is thought aloud and what is said.</summary>
/// <param name="Thought">The thought; may be empty.</param>
/// <param name="Content">What is said; may be empty.</param>
internal readonly record struct SpokenText(string Thought, string Content)
{
    /// <summary>Nothing of either.</summary>
    public static SpokenText None { get; } = new("", "");

    /// <summary>The special tokens within what is said that may belong to tool calls, in order; null for none.</summary>
    public IReadOnlyList<SpokenMark>? Marks { get; init; }

    /// <summary>A special token alone.</summary>
    /// <param name="literal">Its literal text.</param>
    public static SpokenText OfMark(string literal) => new("", "") { Marks = [new SpokenMark(literal, 0)] };

    /// <summary>One stretch behind the other.</summary>
    public static SpokenText operator +(SpokenText first, SpokenText second) => new(first.Thought + second.Thought, first.Content + second.Content)
    {
        Marks = second.Marks is null
            ? first.Marks
            : [.. first.Marks ?? [], .. second.Marks.Select(mark => mark with { Position = first.Content.Length + mark.Position })],
    };
}
