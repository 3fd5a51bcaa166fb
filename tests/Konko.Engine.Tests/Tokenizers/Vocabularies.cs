using Konko.Engine.Gguf;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Tokenizers;

/// <summary>The tokenizers of the reference vocabularies, each built once.</summary>
internal static class Vocabularies
{
    private static readonly Dictionary<string, Tokenizer> s_loaded = [];

    /// <summary>The names of all reference vocabularies.</summary>
    public static TheoryData<string> All { get; } =
        ["bert-bge", "deepseek-llm", "gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2", "smollm2", "starcoder"];

    /// <summary>Those that keep every byte of a text.</summary>
    public static TheoryData<string> Lossless { get; } =
        ["deepseek-llm", "gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2"];

    /// <summary>The tokenizer; the test is skipped where the vocabulary is not there.</summary>
    public static Tokenizer Load(string name)
    {
        string? path = name == "smollm2" ? Repository.SmolLM2 : Repository.Reference("vocab", name + ".gguf");
        Assert.SkipWhen(path is null, $"The reference vocabulary {name} is neither in the clone nor beside it.");
        lock (s_loaded)
        {
            if (s_loaded.TryGetValue(name, out Tokenizer? tokenizer)) return tokenizer;
            using GgufFile file = GgufFile.Open(path!);
            return s_loaded[name] = Tokenizer.FromGguf(file);
        }
    }
}
