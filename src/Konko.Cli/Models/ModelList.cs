namespace Konko.Cli.Models;

/// <summary>What <c>models list --json</c> writes.</summary>
/// <param name="Folder">The folder of models; null of a server's list.</param>
/// <param name="Models">The models.</param>
/// <param name="Skipped">Files of the folder that cannot be served, each with the reason.</param>
internal sealed record ModelList(string? Folder, IReadOnlyList<ModelRow> Models, IReadOnlyList<string>? Skipped);
