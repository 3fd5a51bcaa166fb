using Konko.Protocol.Models;
using Konko.Server.Configuration;

namespace Konko.Server.Models;

/// <summary>A model that this server has, loaded or not.</summary>
/// <param name="id">The canonical id.</param>
/// <param name="options">The file and what was configured for it.</param>
internal sealed class RegisteredModel(string id, ModelOptions options)
{
    private readonly TaskCompletionSource<LoadedModel> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public ModelOptions Options => options;

    /// <summary>Completes when the model is loaded and warm; faults when it could not be loaded.</summary>
    public Task<LoadedModel> Loaded => _loaded.Task;

    public async Task LoadAsync(IModelLoader loader, CancellationToken cancellationToken)
    {
        try
        {
            // Whatever a loader does before it first waits must not keep the server from listening.
            _loaded.SetResult(await Task.Run(() => loader.LoadAsync(id, options, cancellationToken), cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _loaded.SetCanceled(cancellationToken);
        }
        catch (Exception exception)
        {
            _loaded.SetException(new ModelLoadException($"the model '{id}' could not be loaded from {options.Path}: {exception.Message}", exception));
        }
    }

    /// <summary>The row of <c>GET /v1/models</c>, by the id or by an alias.</summary>
    public ModelObject Row(string name)
    {
        LoadedModel? loaded = Loaded.IsCompletedSuccessfully ? Loaded.Result : null;
        ModelMetadata known = options.Metadata.Over(ModelCatalogue.MetadataOf(id)).Over(loaded?.Metadata ?? new ModelMetadata());
        return new ModelObject
        {
            Id = name,
            Created = known.Created ?? new DateTimeOffset(File.GetLastWriteTimeUtc(options.Path)).ToUnixTimeSeconds(),
            OwnedBy = known.OwnedBy ?? (id.IndexOf('/', StringComparison.Ordinal) is > 0 and int slash ? id[..slash] : null),
            IsChat = known.IsChat,
            IsText = known.IsText,
            Creator = known.Creator,
            CreatorLogoUrl = known.CreatorLogoUrl,
            Name = name,
            Description = known.Description,
            Category = known.Category,
            Censorship = known.Censorship,
            MaxContextLength = loaded?.ContextLength ?? known.MaxContextLength,
            LicenseName = known.LicenseName,
            LicenseUrl = known.LicenseUrl,
            PublicEndpointPricing = known.PublicEndpointPricing,
            PrivateEndpointPricing = known.PrivateEndpointPricing,
            DocsUrl = known.DocsUrl,
            PromptGuideUrl = known.PromptGuideUrl,
            IsEmbedding = known.IsEmbedding,
            Capabilities = known.Capabilities,
            Quantization = known.Quantization,
            Parameters = known.Parameters,
            Provider = "local",
            State = Loaded.IsCompletedSuccessfully ? "ready" : Loaded.IsFaulted ? "failed" : "loading",
        };
    }
}
