using Konko.Protocol.Models;
using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Konko.Server.Hosting;

namespace Konko.Server.Models;

/// <summary>The models of this server: loads them, finds them by any of their names, and lists them.</summary>
internal sealed class ModelRegistry : IModelDirectory, IAsyncDisposable
{
    // Enough for a caller to see what is meant; a name comes from outside and may be anything.
    private const int ShownNameLength = 100;
    private const int ShownIds = 20;

    private static readonly TimeSpan s_retryLoading = TimeSpan.FromSeconds(2);

    private readonly List<RegisteredModel> _models = [];
    private readonly OrderedDictionary<string, RegisteredModel> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stop = new();
    private readonly KonkoOptions _options;
    private readonly IModelLoader _loader;
    private readonly Drain _drain;
    private readonly TimeProvider _time;
    private bool _disposed;

    public ModelRegistry(KonkoOptions options, IModelLoader loader, Drain drain, TimeProvider time)
    {
        (_options, _loader, _drain, _time) = (options, loader, drain, time);
        foreach (ModelOptions model in options.Models.Count > 0 ? options.Models : ModelCatalogue.Embedded())
        {
            var registered = new RegisteredModel(ModelCatalogue.IdOf(model), model);
            _models.Add(registered);
            _names.Add(registered.Id, registered);
        }

        foreach (RegisteredModel model in _models)
        {
            foreach (string alias in model.Options.Aliases) _names.Add(alias.ToLowerInvariant(), model);
        }

        foreach ((string alias, string id) in options.Aliases) _names.Add(alias.ToLowerInvariant(), _names[id]);
        Loading = Task.WhenAll(_models.Select(m => m.Loaded));
    }

    /// <summary>Completes when every model is loaded and warm; faults when one could not be.</summary>
    public Task Loading { get; }

    /// <summary>Every model, in the configured order.</summary>
    public IReadOnlyList<RegisteredModel> Models => _models;

    /// <summary>Begins to load every model, in the background.</summary>
    public void Start()
    {
        foreach (RegisteredModel model in _models) _ = model.LoadAsync(_loader, _stop.Token);
    }

    /// <inheritdoc/>
    public async ValueTask<ModelLookup> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!_names.TryGetValue(name, out RegisteredModel? model)) return NotFound(name);
        LoadedModel loaded;
        try
        {
            loaded = await model.Loaded.WaitAsync(_options.LoadWait, _time, cancellationToken);
        }
        catch (Exception) when (model.Loaded.IsFaulted)
        {
            return new ApiError(503, $"The model '{model.Id}' could not be loaded; the server's log says why.", ErrorTypes.Server, "model");
        }
        catch (TimeoutException)
        {
            return new ApiError(503, $"The model '{model.Id}' is still loading. Try again in a moment.", ErrorTypes.Server, "model") { RetryAfter = s_retryLoading };
        }

        ModelObject row = model.Row(model.Id);
        return new ServedModel
        {
            Id = model.Id,
            Name = name.ToLowerInvariant(),
            Provider = new DrainingProvider(loaded.Provider, _drain),
            Tokenizer = loaded.Tokenizer,
            IsChat = row.IsChat ?? false,
            IsText = row.IsText ?? false,
            ContextLength = loaded.ContextLength,
            Fingerprint = loaded.Fingerprint,
        };
    }

    /// <summary>The rows of every model, then of every alias.</summary>
    public ModelList List() => new() { Data = [.. _names.Select(n => n.Value.Row(n.Key))] };

    /// <summary>The row of one name, and the model's id; null where there is no such model.</summary>
    public (ModelObject Row, string Id)? Find(string name)
        => _names.TryGetValue(name, out RegisteredModel? model) ? (model.Row(name.ToLowerInvariant()), model.Id) : null;

    /// <summary>The further names of a model.</summary>
    public IEnumerable<string> AliasesOf(RegisteredModel model) => _names.Where(n => n.Value == model && n.Key != model.Id).Select(n => n.Key);

    /// <summary>404, with what would help.</summary>
    public ApiError NotFound(string name)
    {
        string shown = name.Length <= ShownNameLength ? name : name[..ShownNameLength] + "…";
        string ids = string.Join(", ", _models.Take(ShownIds).Select(m => $"'{m.Id}'"));
        return ApiError.ModelNotFound($"There is no model '{shown}' here. Served: {ids}. To serve one of them by that name, start the server with --alias {shown}={_models[0].Id}.");
    }

    public async ValueTask DisposeAsync()
    {
        // The container knows it by two types and disposes it by each.
        if (_disposed) return;
        _disposed = true;
        await _stop.CancelAsync();
        foreach (RegisteredModel model in _models)
        {
            if (!model.Loaded.IsCompletedSuccessfully) continue;
            if (model.Loaded.Result.Resources is IAsyncDisposable resources) await resources.DisposeAsync();
        }

        _stop.Dispose();
    }
}
