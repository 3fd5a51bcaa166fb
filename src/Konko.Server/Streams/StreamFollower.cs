using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Konko.Protocol.Sse;
using Konko.Server.Api;
using Konko.Server.Api.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Konko.Server.Streams;

/// <summary>Sends a stream's log to one reader: what is there, then what comes.</summary>
internal static class StreamFollower
{
    // Events that are there at once share a flush, but not so many that a reader who does not read fills the memory.
    private const int EventsPerFlush = 16;

    /// <summary>Sends the log from an event on, to its end.</summary>
    /// <param name="context">The call.</param>
    /// <param name="log">The log.</param>
    /// <param name="after">The last event that the reader has; 0 is none.</param>
    /// <param name="settings">How long silence and a reader's may last.</param>
    /// <param name="time">The server's clock.</param>
    /// <exception cref="AnswerCutException">The stream ended in an error; to be thrown through to the server.</exception>
    /// <exception cref="OperationCanceledException">The reader went away.</exception>
    public static async Task SendAsync(HttpContext context, StreamLog log, int after, ApiSettings settings, TimeProvider time)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.StartAsync(context.RequestAborted);
        PipeWriter body = response.BodyWriter;
        await SlowReader.FlushAsync(context, body, settings.ClientTimeout, time);

        using var events = new SseWriter(body);
        while (true)
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            StreamSlice slice = log.Read(after, EventsPerFlush);
            foreach (byte[] entry in slice.Events) Write(body, ++after, entry);
            if (slice.Breakage is not null) Write(body, after, slice.Breakage);
            if (slice.Events.Count > 0 || slice.End != StreamEnd.None) await SlowReader.FlushAsync(context, body, settings.ClientTimeout, time);
            switch (slice.End)
            {
                case StreamEnd.Done:
                    return;
                case StreamEnd.Failed or StreamEnd.Broken:
                    // Some clients ignore an error's event, and would take an orderly end for that of a complete answer.
                    throw new AnswerCutException();
            }

            if (slice.Events.Count > 0) continue;
            try
            {
                await slice.Changed.WaitAsync(settings.KeepAlive, time, context.RequestAborted);
            }
            catch (TimeoutException)
            {
                events.WriteBarePing();
                await SlowReader.FlushAsync(context, body, settings.ClientTimeout, time);
            }
        }
    }

    private static void Write(PipeWriter body, int id, byte[] entry)
    {
        Span<byte> line = stackalloc byte[16];
        "id: "u8.CopyTo(line);
        id.TryFormat(line[4..], out int digits, provider: CultureInfo.InvariantCulture);
        line[4 + digits] = (byte)'\n';
        body.Write(line[..(5 + digits)]);
        body.Write(entry);
    }
}
