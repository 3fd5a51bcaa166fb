namespace Konko.Engine.Grammar.Calls;

/// <summary>How calls of functions stand in a text that is free but for them.</summary>
public sealed record CallSyntax
{
    /// <summary>The functions, at least one, no name twice.</summary>
    public required IReadOnlyList<CallTool> Tools { get; init; }

    /// <summary>After each of these texts a call follows, or a list of calls.</summary>
    public IReadOnlyList<string> Openers { get; init; } = [];

    /// <summary>What may stand after a call and does not end the run of calls.</summary>
    public IReadOnlyList<string> Closers { get; init; } = [];

    /// <summary>Control tokens that openers and closers may be written with.</summary>
    public IReadOnlyList<string> Inner { get; init; } = [];

    /// <summary>What may stand before a call that has no opener.</summary>
    public IReadOnlyList<string> Fences { get; init; } = [];

    /// <summary>Whether a call may also be a name and arguments that are no object together: Mistral's newer form.</summary>
    public bool HasNamedCalls { get; init; }

    /// <summary>How thoughts stand in the text.</summary>
    public ThoughtMarks Thoughts { get; init; }

    /// <summary>Whether calls are messages on a channel, as gpt-oss writes them; what the other members say is then not looked at.</summary>
    public bool IsHarmony { get; init; }
}
