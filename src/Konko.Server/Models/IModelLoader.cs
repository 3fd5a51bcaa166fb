using Konko.Server.Configuration;

namespace Konko.Server.Models;

/// <summary>Makes a model out of a file.</summary>
internal interface IModelLoader
{
    /// <summary>Reads what the file tells before its weights are read.</summary>
    /// <param name="model">The file.</param>
    ModelFile Read(ModelOptions model);

    /// <summary>Loads and warms a model.</summary>
    /// <param name="model">The file, and the id to serve it by.</param>
    /// <param name="plan">What the file told, and the memory that is set apart.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<LoadedModel> LoadAsync(ModelOptions model, ModelPlan plan, CancellationToken cancellationToken);
}
