using Konko.Engine;
using Konko.Engine.Gguf;
using Konko.Server.Configuration;
using Konko.Server.Models;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Providers.Local;

/// <summary>Loads model files into the embedded engine.</summary>
internal sealed class LocalModelLoader(KonkoOptions options, TimeProvider time, ILogger<LocalProvider> logger) : IModelLoader
{
    /// <inheritdoc/>
    public async Task<Models.LoadedModel> LoadAsync(string id, ModelOptions model, CancellationToken cancellationToken)
    {
        LocalModel local = await LocalModel.LoadAsync(
            model.Path,
            new LocalModelOptions
            {
                Name = id,
                Threads = options.Threads ?? 0,
                ContextLength = options.ContextLength ?? 0,
                MaxQueued = options.QueueLimit,
                MaxRunning = options.MaxRunning,
                Drafting = options.Drafting,
                KvBytes = options.KvMemoryBytes ?? 0,
            },
            time,
            cancellationToken);
        var provider = new LocalProvider(local, time, logger);
        return new Models.LoadedModel
        {
            Provider = provider,
            Tokenizer = provider.Prompts,
            Metadata = Metadata(local),
            Fingerprint = local.Fingerprint,
            ContextLength = provider.ContextLength,
            Resources = local,
        };
    }

    private static ModelMetadata Metadata(LocalModel model)
    {
        GgufModelCard card = model.Card;
        return new ModelMetadata
        {
            IsChat = model.ChatTemplate is not null,
            IsText = true,
            IsEmbedding = false,
            Creator = card.Organization,
            Description = card.Description,
            LicenseName = card.License,
            LicenseUrl = card.LicenseLink,
            MaxContextLength = (int?)Math.Min(card.ContextLength ?? int.MaxValue, int.MaxValue),
            Capabilities = model.ChatTemplate is not null ? ["chat", "completions"] : ["completions"],
            Quantization = card.Quantization?.ToString(),
            Parameters = card.ParameterCount,
        };
    }
}
