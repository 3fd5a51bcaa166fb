namespace Konko.Server.Generation.Text;

/// <summary>A stretch of an answer, parted into what is thought aloud and what is said.</summary>
/// <param name="Thought">The thought; may be empty.</param>
/// <param name="Content">What is said; may be empty.</param>
internal readonly record struct SpokenText(string Thought, string Content)
{
    /// <summary>Nothing of either.</summary>
    public static SpokenText None { get; } = new("", "");

    /// <summary>One stretch behind the other.</summary>
    public static SpokenText operator +(SpokenText first, SpokenText second) => new(first.Thought + second.Thought, first.Content + second.Content);
}
