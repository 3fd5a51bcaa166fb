namespace Konko.Engine.Tests.Models;

/// <summary>Random models, thirty of the reference data and granite: each architecture, each RoPE scaling and each quantisation.</summary>
internal static class TinyModels
{
    /// <summary>All of them, by file name without <c>.gguf</c>.</summary>
    public static readonly string[] All =
    [
        "llama", "llama-tied-freqs", "llama-linear", "llama-yarn", "llama-spm-mistral", "llama-f16", "llama-bf16", "llama-q4_0", "llama-q4_1",
        "llama-q5_0", "llama-q5_1", "llama-q8_0", "llama-q2_k", "llama-q3_k_m", "llama-q4_k_m", "llama-q5_k_m", "llama-q6_k", "llama-iq4_nl",
        "llama-iq4_xs", "mixtral", "qwen2", "qwen3", "qwen3moe", "gemma2", "gemma3", "phi3", "phi3-longrope", "smollm3", "olmo2", "gpt-oss",
        "granite",
    ];

    /// <summary>The path of one, or null where only the clone's own seven are there.</summary>
    public static string? Find(string name) => Repository.Reference("tiny", name + ".gguf");

    /// <summary>The path of one; the test is skipped where it is not there.</summary>
    public static string Path(string name)
    {
        string? path = Find(name);
        Assert.SkipWhen(path is null, $"The reference model {name} is not there.");
        return path!;
    }
}
