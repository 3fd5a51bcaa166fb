using System.Diagnostics.CodeAnalysis;
using Konko.Server.Api.Errors;

namespace Konko.Server.Providers;

/// <summary>What became of a request at the provider's door: an admitted generation, or the reason against it.</summary>
public readonly struct Admission
{
    private Admission(AdmittedGeneration? generation, ApiError? error) => (Generation, Error) = (generation, error);

    /// <summary>The generation, if the request was admitted; whoever holds it disposes it.</summary>
    public AdmittedGeneration? Generation { get; }

    /// <summary>Why the request was not admitted.</summary>
    public ApiError? Error { get; }

    /// <summary>Whether there is a generation; else there is an error.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="error">The error.</param>
    public bool TryGet([NotNullWhen(true)] out AdmittedGeneration? generation, [NotNullWhen(false)] out ApiError? error)
    {
        (generation, error) = (Generation, Error);
        return generation is not null;
    }

    /// <summary>Admitted.</summary>
    /// <param name="generation">The generation.</param>
    public static implicit operator Admission(AdmittedGeneration generation) => new(generation, null);

    /// <summary>Refused.</summary>
    /// <param name="error">The reason.</param>
    public static implicit operator Admission(ApiError error) => new(null, error);

    /// <summary>Admitted.</summary>
    /// <param name="generation">The generation.</param>
    public static Admission FromAdmittedGeneration(AdmittedGeneration generation) => generation;

    /// <summary>Refused.</summary>
    /// <param name="error">The reason.</param>
    public static Admission FromApiError(ApiError error) => error;
}
