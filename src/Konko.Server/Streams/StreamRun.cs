using System.Buffers;
using Konko.Protocol.Sse;
using Konko.Server.Api.Answers;
using Konko.Server.Api.Errors;
using Konko.Server.Generation;
using Konko.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Streams;

/// <summary>Writes one generation to a stream's log, to its end.</summary>
internal sealed class StreamRun(KeptStream stream, StreamLog log, StreamSource source, StreamRegistry registry, ILogger logger)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    /// <summary>Writes the log to its end; never throws.</summary>
    /// <param name="cancellationToken">Cancels the stream.</param>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        ApiError? error;
        try
        {
            await using (source.Generation) error = await WriteEventsAsync(cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            error = stream.WasCancelled ? StreamErrors.Cancelled : StreamErrors.Interrupted;
        }
        catch (Exception exception)
        {
            AnswerLog.Broken(logger, stream.Id, exception);
            error = ApiError.Internal();
        }

        if (error is null) return;
        // What the shutdown cut goes on after the restart.
        if (ReferenceEquals(error, Drain.Cut) || ReferenceEquals(error, StreamErrors.Interrupted)) log.Break(StreamErrors.Event(StreamErrors.Interrupted));
        else Fail(error);
    }

    private async Task<ApiError?> WriteEventsAsync(CancellationToken cancellationToken)
    {
        using var events = new SseWriter(_buffer);
        await foreach (GenerationEvent entry in ChoiceOrder.InTurn(source.Generation.ReadAsync(cancellationToken), source.Choices, bytes => registry.TryCharge(stream, bytes), cancellationToken))
        {
            if (entry is GenerationFailed failed) return failed.Error;
            GenerationEvent noted = entry is ChoiceAdvanced { End: not null } last ? stream.Note(last, registry.Now) : entry;
            source.Renderer.WriteChunk(noted, events);
            bool complete = noted is ChoiceAdvanced { Usage: not null };
            if (complete) events.WriteDone();
            if (!registry.TryCharge(stream, _buffer.WrittenCount)) return StreamErrors.OutOfMemory;
            // Known to have ended before any reader can see it.
            if (complete) registry.Ended(stream);
            log.Append(_buffer.WrittenSpan, complete ? StreamEnd.Done : StreamEnd.None);
            _buffer.ResetWrittenCount();
            if (complete) return null;
        }

        AnswerLog.Unfinished(logger, stream.Id);
        return ApiError.Internal();
    }

    private void Fail(ApiError error)
    {
        // It would not break again in the same way; who wants it asks anew.
        stream.Forget();
        registry.Ended(stream);
        log.Append(StreamErrors.Event(error), StreamEnd.Failed);
    }
}
