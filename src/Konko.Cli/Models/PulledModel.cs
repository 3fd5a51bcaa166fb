namespace Konko.Cli.Models;

/// <summary>What <c>models pull --json</c> writes.</summary>
/// <param name="Id">The id that <c>konko serve</c> serves it by; null where it does not.</param>
/// <param name="Files">Its files.</param>
/// <param name="Sha256">Their sums.</param>
/// <param name="Bytes">Their size together.</param>
internal sealed record PulledModel(string? Id, IReadOnlyList<string> Files, IReadOnlyList<string> Sha256, long Bytes);
