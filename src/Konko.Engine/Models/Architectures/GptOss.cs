namespace Konko.Engine.Models.Architectures;

/// <summary>gpt-oss: experts with biases and a clamped activation, attention sinks, every other layer with a window.</summary>
internal static class GptOss
{
    public static DecoderWeights Describe(DecoderBuilder build)
    {
        build.Shape = build.Shape with { Activation = GateActivation.ClampedSwish };
        int window = build.Int("attention.sliding_window", 0, int.MaxValue, 128);
        return build.Decoder(i =>
        {
            build.Require(
                i, "attn_q.bias", "attn_k.bias", "attn_v.bias", "attn_output.bias", "ffn_gate_inp.bias", "ffn_gate_exps.bias", "ffn_up_exps.bias",
                "ffn_down_exps.bias");
            return build.Layer(i, feedForwardNorm: "post_attention_norm.weight") with
            {
                Window = i % 2 == 0 ? window : 0,
                Sinks = build.Vector(i, "attn_sinks.weight", build.Shape.Heads),
            };
        });
    }
}
