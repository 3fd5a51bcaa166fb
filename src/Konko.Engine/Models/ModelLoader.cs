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
    public static LoadedModel Load(GgufFile file, int threads, int maxStepTokens, KvType kvType = KvType.BFloat16)
    {
        Architecture architecture = Architecture.Of(file.Metadata);
        var loader = new TensorLoader(file);
        try
        {
            var build = new DecoderBuilder(loader) { PairedRope = architecture.PairedRope };
            DecoderWeights weights = architecture.Describe(build);
            ulong content = loader.Run(threads);
            var model = new DecoderModel(build.Shape, weights, threads, StepBuffers.Fit(build.Shape, maxStepTokens, file.FileBytes), kvType);
            return new LoadedModel(model, Arithmetic.Fingerprint(content, kvType));
        }
        catch
        {
            loader.Memory.Dispose();
            throw;
        }
    }
}

/// <summary>A model and what identifies its answers.</summary>
/// <param name="Model">The model; the holder disposes of it.</param>
/// <param name="Fingerprint">Changes where weights, KV type or arithmetic do: <c>system_fingerprint</c>.</param>
public sealed record LoadedModel(CausalModel Model, string Fingerprint);
