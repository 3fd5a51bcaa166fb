using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Konko.Server.Api.Answers;

/// <summary>Sends what was written to a reader, and ends the connection of one that takes nothing of it for too long.</summary>
internal static class SlowReader
{
    /// <summary>Flushes.</summary>
    /// <param name="context">The call.</param>
    /// <param name="body">Where was written to.</param>
    /// <param name="patience">How long a flush may wait for the reader to make room.</param>
    /// <param name="time">The server's clock.</param>
    /// <remarks>Not cancelled with the call: a flush ends by itself when the connection does, and an event must not be left half read.</remarks>
    public static ValueTask FlushAsync(HttpContext context, PipeWriter body, TimeSpan patience, TimeProvider time)
    {
        ValueTask<FlushResult> flush = body.FlushAsync(CancellationToken.None);
        if (!flush.IsCompletedSuccessfully) return WaitAsync(context, flush.AsTask(), patience, time);
        _ = flush.Result;
        return ValueTask.CompletedTask;
    }

    private static async ValueTask WaitAsync(HttpContext context, Task<FlushResult> flush, TimeSpan patience, TimeProvider time)
    {
        try
        {
            await flush.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            context.Abort();
            await flush;
        }
    }
}
