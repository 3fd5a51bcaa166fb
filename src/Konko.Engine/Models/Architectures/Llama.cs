namespace Konko.Engine.Models.Architectures;

/// <summary>Llama 1–3, Mistral, Mixtral, SmolLM and everybody who kept to their shape; rotary pairs are neighbours.</summary>
internal static class Llama
{
    public static DecoderWeights Describe(DecoderBuilder build)
    {
        int window = build.Int("attention.sliding_window", 0, int.MaxValue, 0);
        return build.Decoder(i => build.Layer(i) with { Window = window });
    }
}
