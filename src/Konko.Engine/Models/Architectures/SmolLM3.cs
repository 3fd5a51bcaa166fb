namespace Konko.Engine.Models.Architectures;

/// <summary>SmolLM 3: the plain block with neighbouring rotary pairs; every fourth layer has no positions.</summary>
internal static class SmolLM3
{
    public static DecoderWeights Describe(DecoderBuilder build)
        => build.Decoder(i => i % 4 == 3 ? build.Layer(i) with { Rope = null } : build.Layer(i));
}
