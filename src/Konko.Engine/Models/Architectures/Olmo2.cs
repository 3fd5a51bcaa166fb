namespace Konko.Engine.Models.Architectures;

/// <summary>OLMo 2: norms after the blocks instead of before, and on all queries and all keys of a token together.</summary>
internal static class Olmo2
{
    public static DecoderWeights Describe(DecoderBuilder build) => build.Decoder(i => build.Layer(i, attentionNorm: null, feedForwardNorm: null) with
    {
        QueryNorm = build.Norm(i, "attn_q_norm.weight", build.Shape.Heads * build.Shape.HeadDim),
        KeyNorm = build.Norm(i, "attn_k_norm.weight", build.Shape.KvHeads * build.Shape.HeadDim),
        PostAttentionNorm = build.Vector(i, "post_attention_norm.weight", build.Shape.Width),
        PostFeedForwardNorm = build.Vector(i, "post_ffw_norm.weight", build.Shape.Width),
    });
}
