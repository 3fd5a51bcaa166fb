using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tokenizers.PreTokenizers;

/// <summary>The values of <c>tokenizer.ggml.pre</c> that are understood; names in one group share their expressions.</summary>
internal static class PreTokenizerNames
{
    private static readonly Dictionary<string, PreTokenizer> s_byName = Build();

    /// <summary>The pre-tokenizer of that name, or null.</summary>
    public static PreTokenizer? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>All names, in ordinal order.</summary>
    public static IEnumerable<string> All => s_byName.Keys.Order(StringComparer.Ordinal);

    private static Dictionary<string, PreTokenizer> Build()
    {
        var names = new Dictionary<string, PreTokenizer>();
        void Add(PreTokenizer preTokenizer, params ReadOnlySpan<string> group)
        {
            foreach (string name in group) names.Add(name, preTokenizer);
        }

        var gpt2 = new Gpt2Splitter();
        var digit = new RunSplitter(CategorySet.Number) { Most = 1 };
        var threeDigits = new RunSplitter(0, new CodePointRanges('0', '9')) { Least = 3, Most = 3 };
        var lineBreak = new RunSplitter(0, CodePointRanges.Of("\r\n")) { Most = 1 };

        Add(new PreTokenizer(gpt2),
            "gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4", "gigachat", "a.x-4.0", "mellum");
        Add(new PreTokenizer(digit, gpt2),
            "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2");
        Add(new PreTokenizer(new Llama3Splitter(digits: 3)) { WholeWordsFirst = true, AddsBos = true },
            "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2");
        Add(new PreTokenizer(new Llama3Splitter(digits: 3)), "smaug-bpe", "dbrx", "chatglm-bpe", "glm4");
        Add(new PreTokenizer(new Llama3Splitter(digits: 1)),
            "qwen2", "deepseek-r1-qwen", "stablelm2", "megrez", "hunyuan", "kormo", "f2llmv2", "solar-open", "grok-2");
        Add(new PreTokenizer(new CasedWordSplitter(digits: 1, contractions: false)) { WholeWordsFirst = true, AddsBos = true },
            "tekken");
        Add(new PreTokenizer(new CasedWordSplitter(digits: 3, contractions: true)),
            "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2");
        Add(new PreTokenizer(new RunSplitter(CategorySet.Punctuation, CodePointRanges.Of("$+<=>^~|`")), gpt2, threeDigits),
            "falcon");
        Add(new PreTokenizer(
                new RunSplitter(CategorySet.Punctuation, CodePointRanges.Of("$+<=>^~|")),
                gpt2, new RunSplitter(CategorySet.Number), threeDigits),
            "default");
        Add(new PreTokenizer(
                lineBreak,
                new RunSplitter(0, DeepSeekCharacters.CasedLetters) { TakesSpace = true },
                new RunSplitter(0, DeepSeekCharacters.Punctuation) { TakesSpace = true },
                new TrailingSpaceSplitter(),
                new RunSplitter(0, DeepSeekCharacters.Ideographs),
                new RunSplitter(CategorySet.Number)),
            "deepseek-llm");
        Add(new PreTokenizer(
                lineBreak,
                new RunSplitter(CategorySet.Letter) { TakesSpace = true },
                new RunSplitter(CategorySet.Punctuation) { TakesSpace = true },
                new RunSplitter(0, DeepSeekCharacters.Ideographs),
                digit),
            "deepseek-coder");
        return names;
    }
}
