namespace Konko.Engine.Models.Architectures;

/// <summary>Gemma 2: norms before and after each block, soft caps, every other layer with a window.</summary>
internal static class Gemma2
{
    public static DecoderWeights Describe(DecoderBuilder build)
    {
        build.Shape = build.Shape with
        {
            Activation = GateActivation.Gelu,
            EmbeddingScale = MathF.Sqrt(build.Shape.Width),
            AttentionSoftcap = build.Float("attn_logit_softcapping", 50),
            LogitSoftcap = build.Float("final_logit_softcapping", 30),
            // The 27B model scales by the width of its stream's share of a head.
            QueryScale = build.Shape.Layers == 46 ? 1 / MathF.Sqrt((float)build.Shape.Width / build.Shape.Heads) : build.Shape.QueryScale,
        };
        int window = build.Int("attention.sliding_window", 0, int.MaxValue, 4096);
        return build.Decoder(i => build.Layer(i) with
        {
            Window = i % 2 == 0 ? window : 0,
            PostAttentionNorm = build.Vector(i, "post_attention_norm.weight", build.Shape.Width),
            PostFeedForwardNorm = build.Vector(i, "post_ffw_norm.weight", build.Shape.Width),
        });
    }
}
