using System.Text.RegularExpressions;
using Konko.Engine.Tests.Tokenizers;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Templates;

/// <summary>Vocabularies whose control tokens are what a template spells, and some that no template can spell.</summary>
internal static partial class ControlMarks
{
    /// <summary>Control tokens of characters for private use: they can come out of an input only.</summary>
    public static readonly string[] Private = ["\uE000\uE001\uE002", "\uE003\uE004", "\uE005", "\uE000 \uE002", "\uE006\"\uE007"];

    private static readonly string[] s_common =
    [
        "<|im_start|>", "<|im_end|>", "<|user|>", "<|system|>", "<|assistant|>", "<|tool|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
        "[INST]", "[/INST]", "[TOOL_CALLS]", "<start_of_turn>", "<end_of_turn>", "<｜User｜>", "<｜Assistant｜>", "<|turn>", "<turn|>", "<s>", "</s>",
    ];

    /// <summary>What a template's source spells like a control token, and the marks of the field.</summary>
    public static string[] Of(string source, params string?[] more) =>
        [.. Mark().Matches(source).Select(match => match.Value).Concat(s_common).Concat(more.OfType<string>()).Where(mark => mark.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A byte-level tokenizer with these and the private ones as control tokens.</summary>
    public static Tokenizer Tokenizer(string[] marks) =>
        Konko.Engine.Tokenizers.Tokenizer.Create(TestVocabulary.Build([], [], [.. marks, .. Private]));

    [GeneratedRegex("""<[^<>\s{}'"]{1,40}>|\[/?[A-Z_]{3,}\]""")]
    private static partial Regex Mark();
}
