using Konko.Server.Configuration;

namespace Konko.Server.Models;

/// <summary>Makes a model out of a file.</summary>
internal interface IModelLoader
{
    /// <summary>Loads and warms a model.</summary>
    /// <param name="id">The model's canonical id.</param>
    /// <param name="model">The file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<LoadedModel> LoadAsync(string id, ModelOptions model, CancellationToken cancellationToken);
}
