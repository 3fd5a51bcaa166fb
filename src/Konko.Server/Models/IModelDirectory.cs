using System.Diagnostics.CodeAnalysis;
using Konko.Server.Api.Errors;

namespace Konko.Server.Models;

/// <summary>Which models this server has, by id and by alias.</summary>
public interface IModelDirectory
{
    /// <summary>Finds a model without regard to case.</summary>
    /// <param name="name">An id or an alias, as the caller spelled it.</param>
    /// <param name="model">The model.</param>
    /// <param name="error">404: names the served ids and the <c>--alias</c> line that would serve this one.</param>
    bool TryFind(string name, [NotNullWhen(true)] out ServedModel? model, [NotNullWhen(false)] out ApiError? error);
}
