using Konko.Protocol.Models;
using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Konko.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Models;

/// <summary>The models of this server: finds them by any of their names, has them loaded, and lists them.</summary>
internal sealed partial class ModelRegistry : IModelDirectory, IAsyncDisposable
{
    // Enough for a caller to see what is meant; a name comes from outside and may be anything.
    private const int ShownNameLength = 100;
    private const int ShownIds = 20;

    private readonly List<RegisteredModel> _models;
    private readonly OrderedDictionary<string, RegisteredModel> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Drain _drain;
    private readonly ILogger _logger;
    private readonly IReadOnlyList<string> _skipped;

    public ModelRegistry(KonkoOptions options, IModelLoader loader, Drain drain, TimeProvider time, ILogger<ModelRegistry> logger)
    {
        (_drain, _logger) = (drain, logger);
        ServedFiles files = ServedFiles.Of(options);
        _skipped = files.Skipped;
        _models = [.. files.Models.Select(model => new RegisteredModel(model))];
        foreach (RegisteredModel model in _models) _names.Add(model.Id, model);
        foreach (RegisteredModel model in _models)
        {
            foreach (string alias in model.Options.Aliases) _names.Add(alias.ToLowerInvariant(), model);
        }

        foreach ((string alias, string id) in options.Aliases) _names.Add(alias.ToLowerInvariant(), _names[id]);
        Pool = new ModelPool(_models, options.MemoryBytes ?? MachineMemory.ForModels(), options, loader, time, logger);
        Plan(loader);
        Loading = Task.WhenAll(_models.Where(m => m.AtStart).Select(m => m.Started.Task));
    }

    /// <summary>Completes when every model that is loaded at start is loaded and warm; faults when one could not be.</summary>
    public Task Loading { get; }

    /// <summary>Every model, in the configured order.</summary>
    public IReadOnlyList<RegisteredModel> Models => _models;

    /// <summary>Whose memory is where.</summary>
    public ModelPool Pool { get; }

    /// <summary>Whether the models that are loaded at start were all loaded; they may since have made room for others.</summary>
    public bool IsReady => _models.All(model => model.WasLoaded || !model.AtStart);

    /// <summary>Whether a model that is to be loaded at start could not be.</summary>
    public bool HasFailed => _models.Any(model => model.AtStart && !model.WasLoaded && model.Started.Task.IsFaulted);

    /// <summary>Begins to load the models that are loaded at start, in the background, and logs what cannot be served.</summary>
    public void Start()
    {
        foreach (string file in _skipped) LogSkipped(file);
        Pool.Start();
    }

    /// <inheritdoc/>
    public async ValueTask<ModelLookup> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!_names.TryGetValue(name, out RegisteredModel? model)) return NotFound(name);
        (ModelLease? lease, ApiError? error) = await Pool.AcquireAsync(model, cancellationToken);
        if (lease is null) return error!;
        using (lease)
        {
            ModelObject row = model.Row(model.Id);
            return new ServedModel
            {
                Id = model.Id,
                Name = name.ToLowerInvariant(),
                Provider = new DrainingProvider(new LeasedProvider(Pool, model), _drain),
                ProviderName = row.Provider,
                Embedder = lease.Model.Embedder is null ? null : new LeasedEmbedder(Pool, model, _drain),
                Tokenizer = lease.Model.Tokenizer,
                IsChat = row.IsChat ?? false,
                IsText = row.IsText ?? false,
                ContextLength = lease.Model.ContextLength,
                Fingerprint = lease.Model.Fingerprint,
            };
        }
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

    // The container knows it by two types and disposes of it by each; the pool bears that.
    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    // Headers only, so that the rows are whole and the memory is shared out before anything is loaded.
    private void Plan(IModelLoader loader)
    {
        var read = new ModelFile?[_models.Count];
        Parallel.For(0, read.Length, i =>
        {
            try
            {
                read[i] = loader.Read(_models[i].Options);
            }
            catch (Exception)
            {
                // Loading it will fail in the same way, and that is reported.
            }
        });
        ModelPlan?[] plans = ModelPlan.For([.. _models.Select((model, i) => (read[i], model.Options.Load!.Value))], Pool.Limit);
        for (int i = 0; i < read.Length; i++) _models[i].Plan = plans[i];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not served: {File}")]
    private partial void LogSkipped(string file);
}
