namespace Konko.Cli.Models;

/// <summary>What <c>models rm --json</c> writes.</summary>
/// <param name="Files">The files that are gone.</param>
/// <param name="Bytes">Their size together.</param>
internal sealed record RemovedModel(IReadOnlyList<string> Files, long Bytes);
