namespace Konko.Cli.Hub;

/// <summary>The answer at the end of all redirections, and what the hub said of the file on the way to it.</summary>
/// <param name="Response">The answer; its body is not read yet.</param>
/// <param name="LinkedSum">The file's SHA-256 as the hub's own answer has it; null where it has none.</param>
/// <param name="LinkedBytes">The file's size as the hub's own answer has it.</param>
/// <param name="IsHub">Whether the last answer came from the hub, not from where it keeps large files.</param>
internal sealed record HubAnswer(HttpResponseMessage Response, string? LinkedSum, long? LinkedBytes, bool IsHub) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Response.Dispose();
}
