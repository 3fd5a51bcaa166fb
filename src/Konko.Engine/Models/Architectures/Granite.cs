namespace Konko.Engine.Models.Architectures;

/// <summary>Granite 3: the plain block with multipliers of its own for embeddings, scores, blocks and logits.</summary>
internal static class Granite
{
    public static DecoderWeights Describe(DecoderBuilder build)
    {
        float score = build.Float("attention.scale", 0), logits = build.Float("logit_scale", 0);
        build.Shape = build.Shape with
        {
            EmbeddingScale = OrOne(build.Float("embedding_scale", 0)),
            ResidualScale = OrOne(build.Float("residual_scale", 0)),
            QueryScale = score == 0 ? build.Shape.QueryScale : score,
            LogitScale = 1 / OrOne(logits),
        };
        // The switch is there for models without positions.
        bool positions = build.Metadata.FindBool(build.Metadata.Key("rope.scaling.finetuned")) ?? true;
        return build.Decoder(i => positions ? build.Layer(i) : build.Layer(i) with { Rope = null });
    }

    // A scale of 0 is one that is not given.
    private static float OrOne(float scale) => scale == 0 ? 1 : scale;
}
