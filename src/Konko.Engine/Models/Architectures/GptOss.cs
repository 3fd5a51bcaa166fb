namespace Konko.Engine.Models.Architectures;

/// <summary>gpt-oss: experts with biases and a clamped activation, attention sinks, every other layer with a window.</summary>
internal static class GptOss
{
    public static DecoderWeights Describe(DecoderBuilder build)
    {
        build.Shape = build.Shape with { Activation = GateActivation.ClampedSwish };
        int window = build.Int("attention.sliding_window", 0, int.MaxValue, 128);
        return build.Decoder(i => build.Layer(i) with
        {
            Window = i % 2 == 0 ? window : 0,
            Sinks = build.Vector(i, "attn_sinks.weight", build.Shape.Heads),
            FeedForwardNorm = build.Vector(i, "post_attention_norm.weight", build.Shape.Width),
        });
    }
}
