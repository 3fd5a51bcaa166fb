namespace Konko.Server.Models;

/// <summary>Which models this server has, by id and by alias.</summary>
public interface IModelDirectory
{
    /// <summary>Finds a model without regard to case; waits a while for one that is still loading.</summary>
    /// <param name="name">An id or an alias, as the caller spelled it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>
    /// The model, or the reason: 404 names the served ids and the <c>--alias</c> line that would serve this one;
    /// 503 says that it is still loading, or that it could not be loaded.
    /// </returns>
    ValueTask<ModelLookup> FindAsync(string name, CancellationToken cancellationToken);
}
