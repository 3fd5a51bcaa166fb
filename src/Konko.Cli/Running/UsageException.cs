namespace Konko.Cli.Running;

/// <summary>Something was asked for in a wrong way; the message names the argument, flag or field.</summary>
internal sealed class UsageException(string message) : Exception(message);
