namespace Konko.Server.Models;

/// <summary>What is known of a model, in any layer: the catalogue, the file's own metadata, the configuration.</summary>
/// <remarks>Null is "not known here"; names are those of the model's row on the wire.</remarks>
public sealed record ModelMetadata
{
    /// <summary>Unix time in seconds.</summary>
    public long? Created { get; init; }

    /// <summary>Who owns the model.</summary>
    public string? OwnedBy { get; init; }

    /// <summary>Whether it answers chats.</summary>
    public bool? IsChat { get; init; }

    /// <summary>Whether it completes text.</summary>
    public bool? IsText { get; init; }

    /// <summary>Who made the model.</summary>
    public string? Creator { get; init; }

    /// <summary>A picture of the maker's sign.</summary>
    public string? CreatorLogoUrl { get; init; }

    /// <summary>What the model is, in a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>What it is for.</summary>
    public string? Category { get; init; }

    /// <summary>How far it was trained to refuse.</summary>
    public string? Censorship { get; init; }

    /// <summary>Most tokens of a prompt and its answer.</summary>
    public int? MaxContextLength { get; init; }

    /// <summary>The licence's name.</summary>
    public string? LicenseName { get; init; }

    /// <summary>The licence's text.</summary>
    public string? LicenseUrl { get; init; }

    /// <summary>The price by the token, such as <c>$0.0003 / 1k tokens</c>.</summary>
    public string? PublicEndpointPricing { get; init; }

    /// <summary>The price by the hour, such as <c>$2 / hour</c>.</summary>
    public string? PrivateEndpointPricing { get; init; }

    /// <summary>Documentation.</summary>
    public string? DocsUrl { get; init; }

    /// <summary>How to prompt it.</summary>
    public string? PromptGuideUrl { get; init; }

    /// <summary>Whether it makes embeddings.</summary>
    public bool? IsEmbedding { get; init; }

    /// <summary>What it can do, such as <c>chat</c>, <c>completions</c>, <c>tools</c>.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>The type of most of its weights, such as <c>Q4_1</c>.</summary>
    public string? Quantization { get; init; }

    /// <summary>Number of weights.</summary>
    public long? Parameters { get; init; }

    /// <summary>What is known here, and where nothing is, what <paramref name="below"/> knows.</summary>
    /// <param name="below">The layer that this one replaces field by field.</param>
    public ModelMetadata Over(ModelMetadata below)
    {
        ArgumentNullException.ThrowIfNull(below);
        return new()
        {
            Created = Created ?? below.Created,
            OwnedBy = OwnedBy ?? below.OwnedBy,
            IsChat = IsChat ?? below.IsChat,
            IsText = IsText ?? below.IsText,
            Creator = Creator ?? below.Creator,
            CreatorLogoUrl = CreatorLogoUrl ?? below.CreatorLogoUrl,
            Description = Description ?? below.Description,
            Category = Category ?? below.Category,
            Censorship = Censorship ?? below.Censorship,
            MaxContextLength = MaxContextLength ?? below.MaxContextLength,
            LicenseName = LicenseName ?? below.LicenseName,
            LicenseUrl = LicenseUrl ?? below.LicenseUrl,
            PublicEndpointPricing = PublicEndpointPricing ?? below.PublicEndpointPricing,
            PrivateEndpointPricing = PrivateEndpointPricing ?? below.PrivateEndpointPricing,
            DocsUrl = DocsUrl ?? below.DocsUrl,
            PromptGuideUrl = PromptGuideUrl ?? below.PromptGuideUrl,
            IsEmbedding = IsEmbedding ?? below.IsEmbedding,
            Capabilities = Capabilities ?? below.Capabilities,
            Quantization = Quantization ?? below.Quantization,
            Parameters = Parameters ?? below.Parameters,
        };
    }
}
