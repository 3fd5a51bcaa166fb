using System.Runtime.CompilerServices;
using Konko.Server.Configuration;

namespace Konko.Server.Models;

/// <summary>The model files that options ask for: those named, those of the folder, else the embedded ones; each with its id and settings.</summary>
internal sealed class ServedFiles
{
    private static readonly TimeSpan s_unloadAfter = TimeSpan.FromMinutes(10);

    // Checking options and serving them must not read a folder twice, nor find two different things in it.
    private static readonly ConditionalWeakTable<KonkoOptions, ServedFiles> s_known = [];

    private ServedFiles(KonkoOptions options)
    {
        List<ModelOptions> models = [.. options.Models.Count > 0 || options.ModelsDirectory is not null ? options.Models : ModelCatalogue.Embedded()];
        models = [.. models.Select(model => model with { Id = ModelCatalogue.IdOf(model), Load = model.Load ?? options.Load ?? ModelLoad.Start })];
        if (options.ModelsDirectory is string folder && Directory.Exists(folder))
        {
            ModelFolder found = ModelFolder.Read(folder, models);
            Skipped = found.Skipped;
            models.AddRange(found.Models.Select(model => model with { Load = options.Load ?? ModelLoad.Demand }));
        }

        Models = [.. models.Select(model => model with
        {
            UnloadAfter = model.UnloadAfter ?? options.UnloadAfter ?? (model.Load == ModelLoad.Demand ? s_unloadAfter : Timeout.InfiniteTimeSpan),
            ChatTemplate = model.ChatTemplate ?? options.ChatTemplate,
        })];
    }

    /// <summary>The models in the configured order, then those of the folder by name; ids, loading and unloading are settled.</summary>
    public IReadOnlyList<ModelOptions> Models { get; }

    /// <summary>Files of the folder that cannot be served: each by name, with the reason.</summary>
    public IReadOnlyList<string> Skipped { get; } = [];

    /// <summary>The files of these options; read once.</summary>
    /// <param name="options">The options.</param>
    public static ServedFiles Of(KonkoOptions options) => s_known.GetValue(options, static o => new ServedFiles(o));
}
