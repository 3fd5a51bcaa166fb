using Microsoft.Extensions.Logging;

namespace Konko.Http;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Method} {Path}: {Reason}; try {Attempt} of {Attempts} in {Delay}")]
    public static partial void Retry(ILogger logger, HttpMethod method, string path, string reason, int attempt, int attempts, TimeSpan delay);

    [LoggerMessage(2, LogLevel.Information, "Stream {Id} broke after event {Event}: {Reason}; reconnecting in {Delay}")]
    public static partial void Reconnect(ILogger logger, string id, string @event, string reason, TimeSpan delay);
}
