using Konko.Server.Configuration;
using Konko.Server.Models;
using Konko.Server.Providers;

namespace Konko.Server.Tests.Hosting;

/// <summary>Loads nothing: a model is there when the test says so.</summary>
internal sealed class ScriptedLoader : IModelLoader
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IProvider Provider { get; init; } = new ScriptedProvider();

    /// <summary>Makes the models encoders beside.</summary>
    public IEmbedder? Embedder { get; init; }

    public ModelMetadata Metadata { get; init; } = new() { IsChat = true, IsText = true, IsEmbedding = false, Quantization = "Q4_1", Capabilities = ["chat", "completions"], MaxContextLength = 8192 };

    /// <summary>A loader whose models are there at once.</summary>
    public static ScriptedLoader Instant() => Of(new ScriptedProvider());

    /// <summary>A loader whose models are there at once, with this provider.</summary>
    public static ScriptedLoader Of(IProvider provider)
    {
        var loader = new ScriptedLoader { Provider = provider };
        loader.Finish();
        return loader;
    }

    public void Finish() => _gate.TrySetResult();

    public void Fail(string message) => _gate.TrySetException(new InvalidDataException(message));

    public ModelFile Read(ModelOptions model) => new() { Metadata = Metadata, ContextLength = 8192, WeightBytes = 1000, BufferBytes = 100 };

    public async Task<LoadedModel> LoadAsync(ModelOptions model, ModelPlan plan, CancellationToken cancellationToken)
    {
        await _gate.Task.WaitAsync(cancellationToken);
        return new LoadedModel { Provider = Provider, Embedder = Embedder, Fingerprint = "fp_test", ContextLength = 2048 };
    }
}
