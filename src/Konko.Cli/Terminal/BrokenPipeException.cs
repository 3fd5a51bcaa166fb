namespace Konko.Cli.Terminal;

/// <summary>Whoever read the output has gone: nobody wants the rest.</summary>
internal sealed class BrokenPipeException(IOException inner) : Exception(inner.Message, inner);
