using Konko.Engine.Cache;
using Konko.Engine.Gguf;
using Konko.Engine.Models.Architectures;

namespace Konko.Engine.Models;

/// <summary>GGUF file to model: finds the architecture by name and reads its weights.</summary>
public static class ModelLoader
{
    /// <summary>Loads a decoder-only model.</summary>
    /// <param name="file">The opened file; it may be closed afterwards.</param>
    /// <param name="threads">Threads to load and to run with, at least 1.</param>
    /// <param name="maxStepTokens">Most tokens of a step, at least 1.</param>
    /// <param name="kvType">Element type of the KV cache.</param>
    /// <exception cref="GgufException">The file is damaged or asks for what is not supported; the message says what.</exception>
    public static CausalModel Load(GgufFile file, int threads, int maxStepTokens, KvType kvType = KvType.BFloat16)
    {
        GgufMetadata metadata = file.Metadata;
        if (metadata.Architecture != "llama")
            throw metadata.Wrong("general.architecture", $"'{metadata.Architecture}' is not supported; Konko runs llama");
        DecoderShape shape = Llama.Shape(metadata);
        var loader = new TensorLoader(file);
        DecoderWeights weights = Llama.Weights(shape, loader);
        loader.Run(threads);
        return new DecoderModel(shape, weights, threads, maxStepTokens, kvType);
    }
}
