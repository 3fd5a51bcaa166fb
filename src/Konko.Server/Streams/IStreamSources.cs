using Konko.Server.Api.Errors;

namespace Konko.Server.Streams;

/// <summary>An endpoint whose streams can be generated again.</summary>
internal interface IStreamSources
{
    /// <summary>The path that its requests are sent to.</summary>
    string Path { get; }

    /// <summary>Takes a stream's request on again, so that the same answer is written.</summary>
    /// <param name="record">The stream.</param>
    /// <param name="cancellationToken">Gives up waiting for admission.</param>
    /// <returns>The answer; or why there is none: 429 and 503 pass, everything else is for good.</returns>
    Task<(StreamSource? Source, ApiError? Error)> RestoreAsync(StreamRecord record, CancellationToken cancellationToken);
}
