namespace Konko.Cli.Bench;

/// <summary>All that <c>konko bench --json</c> says.</summary>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Instructions">The instruction sets in use.</param>
/// <param name="Rows">The tests.</param>
internal sealed record BenchDocument(string Runtime, string Instructions, IReadOnlyList<BenchRow> Rows);
