namespace Konko.Engine.Models.Architectures;

/// <summary>Qwen 3, dense or with experts: a norm on each head's queries and keys.</summary>
internal static class Qwen3
{
    public static DecoderWeights Describe(DecoderBuilder build) => build.Decoder(i => build.Layer(i) with
    {
        QueryNorm = build.Norm(i, "attn_q_norm.weight", build.Shape.HeadDim),
        KeyNorm = build.Norm(i, "attn_k_norm.weight", build.Shape.HeadDim),
    });
}
