namespace Konko.Engine.Models.Architectures;

/// <summary>Phi 3 and 4: the plain block, with queries, keys and values in one matrix, gate and up in another.</summary>
internal static class Phi3
{
    public static DecoderWeights Describe(DecoderBuilder build)
    {
        int window = build.Int("attention.sliding_window", 0, int.MaxValue, 0);
        return build.Decoder(i => build.Layer(i) with { Window = window });
    }
}
