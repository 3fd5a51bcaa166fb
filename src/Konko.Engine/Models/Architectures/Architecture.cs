using Konko.Engine.Gguf;

namespace Konko.Engine.Models.Architectures;

/// <summary>How a file of an architecture becomes a decoder.</summary>
/// <param name="Describe">Names its weights and sets what is special about its shape.</param>
/// <param name="PairedRope">Whether rotary pairs are neighbours in its files.</param>
internal sealed record Architecture(Func<DecoderBuilder, DecoderWeights> Describe, bool PairedRope = false)
{
    private static readonly Dictionary<string, Architecture> s_known = new()
    {
        ["llama"] = new(Llama.Describe, PairedRope: true),
        ["qwen2"] = new(Qwen2.Describe),
        ["qwen3"] = new(Qwen3.Describe),
        ["qwen3moe"] = new(Qwen3.Describe),
        ["gemma2"] = new(Gemma2.Describe),
        ["gemma3"] = new(Gemma3.Describe),
        ["phi3"] = new(Phi3.Describe),
        ["smollm3"] = new(SmolLM3.Describe, PairedRope: true),
        ["olmo2"] = new(Olmo2.Describe),
        ["gpt-oss"] = new(GptOss.Describe),
        ["granite"] = new(Granite.Describe, PairedRope: true),
    };

    /// <summary>The architecture that a file names.</summary>
    /// <exception cref="GgufException">It is not known; the message names those that are.</exception>
    public static Architecture Of(GgufMetadata metadata)
        => s_known.TryGetValue(metadata.Architecture, out Architecture? known)
            ? known
            : throw metadata.Wrong("general.architecture", EncoderLoader.Knows(metadata.Architecture)
                ? $"'{metadata.Architecture}' is an encoder: it gives embeddings and no text"
                : $"'{metadata.Architecture}' is not supported; Konko runs {string.Join(", ", s_known.Keys.Order(StringComparer.Ordinal))}");
}
