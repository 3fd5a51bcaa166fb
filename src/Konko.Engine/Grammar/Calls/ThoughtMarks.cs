namespace Konko.Engine.Grammar.Calls;

/// <summary>How a model's thoughts stand in what it writes.</summary>
public enum ThoughtMarks
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>Between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> at the beginning.</summary>
    Tags,

    /// <summary>The same, and the prompt has begun one.</summary>
    BegunTags,

    /// <summary>As messages on a channel, between control tokens.</summary>
    Channels,
}
