namespace Konko.Cli.Bench;

/// <summary>What was asked for cannot be measured; the message says why.</summary>
internal sealed class BenchException(string message) : Exception(message);
