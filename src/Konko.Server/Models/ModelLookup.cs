using System.Diagnostics.CodeAnalysis;
using Konko.Server.Api.Errors;

namespace Konko.Server.Models;

/// <summary>What a name turned out to be: a model, or the reason why there is none.</summary>
public readonly struct ModelLookup
{
    private ModelLookup(ServedModel? model, ApiError? error) => (Model, Error) = (model, error);

    /// <summary>The model, if there is one.</summary>
    public ServedModel? Model { get; }

    /// <summary>Why there is none.</summary>
    public ApiError? Error { get; }

    /// <summary>Whether there is a model; else there is an error.</summary>
    /// <param name="model">The model.</param>
    /// <param name="error">The error.</param>
    public bool TryGet([NotNullWhen(true)] out ServedModel? model, [NotNullWhen(false)] out ApiError? error)
    {
        (model, error) = (Model, Error);
        return model is not null;
    }

    /// <summary>Found.</summary>
    /// <param name="model">The model.</param>
    public static implicit operator ModelLookup(ServedModel model) => new(model, null);

    /// <summary>Not found, or not there yet.</summary>
    /// <param name="error">The reason.</param>
    public static implicit operator ModelLookup(ApiError error) => new(null, error);

    /// <summary>Found.</summary>
    /// <param name="model">The model.</param>
    public static ModelLookup FromServedModel(ServedModel model) => model;

    /// <summary>Not found, or not there yet.</summary>
    /// <param name="error">The reason.</param>
    public static ModelLookup FromApiError(ApiError error) => error;
}
