namespace Konko.Engine.Models.Architectures;

/// <summary>Gemma 3: as Gemma 2 without caps, with norms on queries and keys; five layers of six have a window and angles of their own.</summary>
internal static class Gemma3
{
    public static DecoderWeights Describe(DecoderBuilder build)
    {
        build.Shape = build.Shape with
        {
            Activation = GateActivation.Gelu,
            EmbeddingScale = MathF.Sqrt(build.Shape.Width),
            LogitSoftcap = build.Float("final_logit_softcapping", 0),
            // The 27B model scales by the width of its stream's share of a head.
            QueryScale = build.Shape.Layers == 62 ? 1 / MathF.Sqrt((float)build.Shape.Width / build.Shape.Heads) : build.Shape.QueryScale,
        };
        int window = build.Int("attention.sliding_window", 0, int.MaxValue, 0);
        int pattern = build.Int("attention.sliding_window_pattern", 1, 1 << 12, 6);
        RopeTable local = build.AddRope(build.Float("rope.freq_base_swa", 10000), scaled: false);
        return build.Decoder(i =>
        {
            bool global = i % pattern == pattern - 1;
            return build.Layer(i) with
            {
                Window = global ? 0 : window,
                Rope = global || window == 0 ? build.Rope : local,
                QueryNorm = build.Norm(i, "attn_q_norm.weight", build.Shape.HeadDim),
                KeyNorm = build.Norm(i, "attn_k_norm.weight", build.Shape.HeadDim),
                PostAttentionNorm = build.Vector(i, "post_attention_norm.weight", build.Shape.Width),
                PostFeedForwardNorm = build.Vector(i, "post_ffw_norm.weight", build.Shape.Width),
            };
        });
    }
}
