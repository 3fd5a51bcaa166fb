using Konko.Engine.Gguf;
using Konko.Engine.Models.Encoders;

namespace Konko.Engine.Models;

/// <summary>GGUF file to encoder: finds the architecture by name and reads its weights.</summary>
public static class EncoderLoader
{
    private static readonly Dictionary<string, Func<EncoderBuilder, EncoderWeights>> s_known = new() { ["bert"] = Bert.Describe };

    /// <summary>Whether an architecture is an encoder: it gives embeddings, and no text.</summary>
    /// <param name="architecture">As in <c>general.architecture</c>.</param>
    public static bool Knows(string architecture) => s_known.ContainsKey(architecture);

    /// <summary>Loads an encoder.</summary>
    /// <param name="file">The opened file; it may be closed afterwards.</param>
    /// <param name="threads">Threads to load and to run with, at least 1.</param>
    /// <exception cref="GgufException">The file is damaged or asks for what is not supported; the message says what.</exception>
    public static LoadedEncoder Load(GgufFile file, int threads)
    {
        var loader = new TensorLoader(file);
        try
        {
            (EncoderShape shape, EncoderWeights weights) = Describe(loader);
            ulong content = loader.Run(threads);
            return new LoadedEncoder(new EncoderModel(shape, weights, threads), Arithmetic.Fingerprint(content));
        }
        catch
        {
            loader.Memory.Dispose();
            throw;
        }
    }

    /// <summary>Asks a loader for what the file's architecture needs.</summary>
    /// <exception cref="GgufException">As for <see cref="Load"/>.</exception>
    internal static (EncoderShape Shape, EncoderWeights Weights) Describe(TensorLoader loader)
    {
        if (!s_known.TryGetValue(loader.Metadata.Architecture, out Func<EncoderBuilder, EncoderWeights>? describe))
        {
            string known = string.Join(", ", s_known.Keys.Order(StringComparer.Ordinal));
            throw loader.Metadata.Wrong("general.architecture", $"'{loader.Metadata.Architecture}' is no encoder that Konko knows; it knows {known}");
        }

        var build = new EncoderBuilder(loader);
        EncoderWeights weights = describe(build);
        return (build.Shape, weights);
    }
}

/// <summary>An encoder and what identifies its vectors.</summary>
/// <param name="Model">The model; the holder disposes of it.</param>
/// <param name="Fingerprint">Changes where weights or arithmetic do: <c>system_fingerprint</c>.</param>
public sealed record LoadedEncoder(EmbeddingModel Model, string Fingerprint);
