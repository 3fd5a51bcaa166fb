namespace Konko.Engine.Models.Architectures;

/// <summary>Qwen 2 and 2.5: the plain block, with biases on queries, keys and values.</summary>
internal static class Qwen2
{
    public static DecoderWeights Describe(DecoderBuilder build) => build.Decoder(i =>
    {
        build.Require(i, "attn_q.bias", "attn_k.bias", "attn_v.bias");
        return build.Layer(i);
    });
}
