using Konko.Engine.Grammar.Calls;
using Konko.Engine.Tokenizers;
using Konko.Server.Generation.Tools;
using Konko.Server.Providers;

namespace Konko.Server.Generation.Text;

/// <summary>
/// Parts an answer that comes in pieces into what the model thinks aloud and what it says, and holds back what may yet
/// turn out to be the mark of a thought. Where the pieces are cut makes no difference.
/// </summary>
internal abstract class ThoughtParser
{
    // Enough for the mark and the line breaks behind it.
    private const int LastTokens = 6;

    /// <summary>Takes the next piece of text.</summary>
    /// <param name="text">The text, without special tokens.</param>
    /// <returns>What has become certain.</returns>
    public abstract SpokenText Append(string text);

    /// <summary>Takes a special token.</summary>
    /// <param name="literal">Its literal text.</param>
    /// <param name="position">Characters of text before it, some of which may not have been appended yet.</param>
    /// <returns>What has become certain.</returns>
    public virtual SpokenText Control(string literal, int position) => SpokenText.None;

    /// <summary>Takes a special token that may belong to a tool call, after <see cref="Control"/> has.</summary>
    /// <param name="literal">Its literal text.</param>
    /// <returns>What has become certain, the token behind it unless it is part of a thought.</returns>
    public abstract SpokenText CallMark(string literal);

    /// <summary>What was held back, once it is certain that the answer goes no further.</summary>
    public abstract SpokenText Complete();

    /// <summary>How to find a parser for each choice of an answer: by the marks that the model's vocabulary has.</summary>
    /// <param name="request">The request; only chats are parsed.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="prompt">The prompt's token ids; some templates begin the thought themselves.</param>
    /// <param name="dialect">How the model writes tool calls.</param>
    /// <returns>Makes a parser before the answer's first character; null where the model has no thoughts to tell apart.</returns>
    public static Func<ThoughtParser>? For(ProviderRequest request, Tokenizer tokenizer, IReadOnlyList<int> prompt, ToolDialect dialect = ToolDialect.Generic)
    {
        // Constrained text is the answer from its first character on.
        if (request.Prompt is not ChatPrompt chat || request.Grammar is not null) return null;
        return MarksOf(tokenizer, prompt) switch
        {
            ThoughtMarks.Channels => () => new ChannelThoughts(dialect == ToolDialect.Harmony && chat.Tools is not null),
            ThoughtMarks.Tags => static () => new TagThoughts(begun: false),
            ThoughtMarks.BegunTags => static () => new TagThoughts(begun: true),
            _ => null,
        };
    }

    /// <summary>How the model's thoughts stand in its answer.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="prompt">The prompt's token ids.</param>
    public static ThoughtMarks MarksOf(Tokenizer tokenizer, IReadOnlyList<int> prompt)
    {
        if (IsControl(tokenizer, "<|channel|>") && IsControl(tokenizer, "<|message|>")) return ThoughtMarks.Channels;
        if (!IsToken(tokenizer, TagThoughts.Begin) || !IsToken(tokenizer, TagThoughts.End)) return ThoughtMarks.None;
        string end = string.Concat(prompt.Skip(prompt.Count - LastTokens).Select(tokenizer.Literal)).TrimEnd();
        return end.EndsWith(TagThoughts.Begin, StringComparison.Ordinal) ? ThoughtMarks.BegunTags : ThoughtMarks.Tags;
    }

    private static bool IsToken(Tokenizer tokenizer, string text) => tokenizer.Encode(text, parseSpecial: true).Count == 1;

    private static bool IsControl(Tokenizer tokenizer, string text)
        => tokenizer.Encode(text, parseSpecial: true) is [int id] && tokenizer.IsSpecial(id);
}
