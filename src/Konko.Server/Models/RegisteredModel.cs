using Konko.Protocol.Models;
using Konko.Server.Configuration;

namespace Konko.Server.Models;

/// <summary>A model that this server has, loaded or not. What changes about it is the pool's, under its lock.</summary>
/// <param name="options">The file and what was configured for it; id, loading and unloading are settled.</param>
internal sealed class RegisteredModel(ModelOptions options)
{
    public string Id => options.Id!;

    public ModelOptions Options => options;

    public bool AtStart => options.Load == ModelLoad.Start;

    /// <summary>Of a model that is loaded at start: completes when that is done; faults when it could not be.</summary>
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it needs and gets; null where its file could not be read.</summary>
    public ModelPlan? Plan { get; set; }

    /// <summary>Whether the file is to be read again before the next load: it may have been replaced.</summary>
    public bool PlanIsOld { get; set; }

    /// <summary>Why the last load failed.</summary>
    public ModelLoadException? Failure { get; set; }

    public ModelState State { get; set; }

    /// <summary>The model while it is loaded.</summary>
    public LoadedModel? Loaded { get; set; }

    /// <summary>The load that is on its way; gives the reason where it comes to nothing.</summary>
    public Task<Api.Errors.ApiError?>? Loading { get; set; }

    /// <summary>The unload that is on its way.</summary>
    public Task? Unloading { get; set; }

    /// <summary>Whether it was loaded and warm at least once.</summary>
    public bool WasLoaded { get; set; }

    /// <summary>Requests that use it or wait for it.</summary>
    public int Leases { get; set; }

    /// <summary>Bytes of memory that are set apart for it.</summary>
    public long Taken { get; set; }

    /// <summary>When it was last asked for or let go, as a timestamp.</summary>
    public long LastUsed { get; set; }

    /// <summary>The pool's count of uses when it was last used: times may be alike, and which was before the other still matters.</summary>
    public long LastUse { get; set; }

    /// <summary>Loads that failed since the last that did not.</summary>
    public int Failures { get; set; }

    /// <summary>When a failed load may be tried again, as a timestamp.</summary>
    public long RetryAt { get; set; }

    /// <summary>Looks whether it has been idle for long enough; null until it first was idle.</summary>
    public ITimer? IdleTimer { get; set; }

    /// <summary>Whether <see cref="IdleTimer"/> is running.</summary>
    public bool IdleTimerRuns { get; set; }

    /// <summary>The row of <c>GET /v1/models</c>, by the id or by an alias.</summary>
    public ModelObject Row(string name)
    {
        ModelPlan? plan = Plan;
        ModelMetadata known = options.Metadata.Over(ModelCatalogue.MetadataOf(Id)).Over(plan?.File.Metadata ?? new ModelMetadata());
        return new ModelObject
        {
            Id = name,
            Created = known.Created ?? new DateTimeOffset(File.GetLastWriteTimeUtc(options.Path)).ToUnixTimeSeconds(),
            OwnedBy = known.OwnedBy ?? (Id.IndexOf('/', StringComparison.Ordinal) is > 0 and int slash ? Id[..slash] : null),
            IsChat = known.IsChat,
            IsText = known.IsText,
            Creator = known.Creator,
            CreatorLogoUrl = known.CreatorLogoUrl,
            Name = name,
            Description = known.Description,
            Category = known.Category,
            Censorship = known.Censorship,
            MaxContextLength = Loaded?.ContextLength ?? plan?.ContextLength ?? known.MaxContextLength,
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
            State = State switch
            {
                ModelState.Loading => "loading",
                ModelState.Loaded => "loaded",
                ModelState.Failed => "failed",
                _ => "unloaded",
            },
        };
    }
}
