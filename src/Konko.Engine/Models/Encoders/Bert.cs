namespace Konko.Engine.Models.Encoders;

/// <summary>BERT and who kept to its shape: MiniLM, BGE, E5, GTE.</summary>
internal static class Bert
{
    public static EncoderWeights Describe(EncoderBuilder build)
    {
        int width = build.Shape.Width;
        return build.Encoder(i => new EncoderLayer
        {
            Query = build.Matrix(i, "attn_q", width, width),
            Key = build.Matrix(i, "attn_k", width, width),
            Value = build.Matrix(i, "attn_v", width, width),
            Output = build.Matrix(i, "attn_output", width, width),
            AttentionNorm = build.Norm(i, "attn_output_norm"),
            Up = build.Matrix(i, "ffn_up", build.Shape.FeedForward, width),
            Down = build.Matrix(i, "ffn_down", width, build.Shape.FeedForward),
            OutputNorm = build.Norm(i, "layer_output_norm"),
        });
    }
}
