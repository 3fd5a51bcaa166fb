using Konko.Engine;
using Konko.Engine.Cache;
using Konko.Engine.Gguf;
using Konko.Server.Configuration;
using Konko.Server.Models;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Providers.Local;

/// <summary>Loads model files into the embedded engine.</summary>
internal sealed class LocalModelLoader(KonkoOptions options, TimeProvider time, ILogger<LocalProvider> logger) : IModelLoader
{
    // The longest template in use is some tens of kilobytes.
    private const long MostTemplateBytes = 1 << 20;

    /// <inheritdoc/>
    public ModelFile Read(ModelOptions model)
    {
        ModelOutline outline = ModelOutline.Read(model.Path);
        LocalModelOptions run = Options(model);
        KvLayout? kv = outline.KvLayout(run);
        if (kv is not null && outline.KvBytes(run) < kv.PageBytes)
            throw new InvalidDataException($"its keys and values are kept in pages of {ByteSize.Text(kv.PageBytes)}, and --kv-memory is less than one.");
        return new ModelFile
        {
            Metadata = Metadata(outline, outline.ChatTemplate is not null || model.ChatTemplate is not null),
            IsEncoder = outline.IsEncoder,
            FileBytes = outline.Card.FileBytes,
            ContextLength = outline.ContextLength(run),
            WeightBytes = outline.WeightBytes,
            BufferBytes = outline.BufferBytes(run),
            KvBytes = outline.KvBytes(run),
            LeastKvBytes = outline.LeastKvBytes(run),
            PositionBytes = (kv?.PageBytes ?? 0) / KvLayout.PagePositions,
        };
    }

    /// <inheritdoc/>
    public async Task<Models.LoadedModel> LoadAsync(ModelOptions model, ModelPlan plan, CancellationToken cancellationToken)
    {
        if (plan.File.IsEncoder) return await LoadEncoderAsync(model, cancellationToken);
        LocalModelOptions run = Options(model) with { KvBytes = plan.KvBytes, ChatTemplate = Template(model.ChatTemplate) };
        LocalModel local = await LocalModel.LoadAsync(model.Path, run, time, cancellationToken);
        var provider = new LocalProvider(local, time, logger);
        return new Models.LoadedModel
        {
            Provider = provider,
            Tokenizer = provider.Prompts,
            Fingerprint = local.Fingerprint,
            ContextLength = provider.ContextLength,
            Resources = local,
        };
    }

    private async Task<Models.LoadedModel> LoadEncoderAsync(ModelOptions model, CancellationToken cancellationToken)
    {
        LocalModelOptions run = Options(model);
        var encode = new LocalEncoderOptions { Name = run.Name, Threads = run.Threads, MaxTokens = run.ContextLength, MaxQueued = run.MaxQueued, MaxStepTokens = run.MaxStepTokens };
        LocalEncoder local = await LocalEncoder.LoadAsync(model.Path, encode, time, cancellationToken);
        return new Models.LoadedModel
        {
            Embedder = new LocalEmbedder(local, logger),
            Tokenizer = new EncoderPrompt(local.Tokenizer),
            Fingerprint = local.Fingerprint,
            ContextLength = local.MaxTokens,
            Resources = local,
        };
    }

    private LocalModelOptions Options(ModelOptions model) => new()
    {
        Name = model.Id ?? "model",
        Threads = options.Threads ?? 0,
        ContextLength = options.ContextLength ?? 0,
        MaxQueued = options.QueueLimit,
        MaxRunning = options.MaxRunning,
        Drafting = options.Drafting,
        KvBytes = options.KvMemoryBytes ?? 0,
    };

    private static string? Template(string? path)
    {
        if (path is null) return null;
        if (new FileInfo(path).Length > MostTemplateBytes) throw new InvalidDataException($"the chat template '{path}' is larger than {ByteSize.Text(MostTemplateBytes)}.");
        return File.ReadAllText(path);
    }

    private static ModelMetadata Metadata(ModelOutline outline, bool hasTemplate)
    {
        GgufModelCard card = outline.Card;
        bool chats = hasTemplate && !outline.IsEncoder;
        return new ModelMetadata
        {
            IsChat = chats,
            IsText = !outline.IsEncoder,
            IsEmbedding = outline.IsEncoder,
            Creator = card.Organization,
            Description = card.Description,
            LicenseName = card.License,
            LicenseUrl = card.LicenseLink,
            MaxContextLength = (int?)Math.Min(card.ContextLength ?? int.MaxValue, int.MaxValue),
            Capabilities = outline.IsEncoder ? ["embeddings"] : chats ? ["chat", "completions"] : ["completions"],
            Quantization = card.Quantization?.ToString(),
            Parameters = card.ParameterCount,
        };
    }
}
