using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Regex;

/// <summary>A part of a regular expression.</summary>
internal abstract record RegexNode
{
    /// <summary>One character of a set.</summary>
    public sealed record Character(CodePointSet Set) : RegexNode;

    /// <summary>One part after the other; none of them is the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<RegexNode> Parts) : RegexNode;

    /// <summary>One of several parts.</summary>
    public sealed record Choice(IReadOnlyList<RegexNode> Parts) : RegexNode;

    /// <summary>A part so many times; <see cref="int.MaxValue"/> is without end.</summary>
    public sealed record Repeat(RegexNode Part, int Min, int Max) : RegexNode;

    /// <summary>The beginning or the end of the text.</summary>
    public sealed record Anchor(bool IsEnd) : RegexNode;
}
