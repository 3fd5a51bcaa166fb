using System.IO.Pipelines;
using Konko.Protocol;
using Konko.Protocol.Sse;
using Konko.Server.Api.Errors;
using Konko.Server.Generation;
using Konko.Server.Generation.Rendering;
using Konko.Server.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Api.Answers;

/// <summary>Answers as server-sent events, each in the moment it is known.</summary>
internal sealed class StreamedAnswer : IDisposable
{
    // Events that are there at once share a flush, but not so many that a reader who does not read fills the memory.
    private const int EventsPerFlush = 16;

    private readonly HttpContext _context;
    private readonly AnswerRenderer _renderer;
    private readonly TimeProvider _time;
    private readonly TimeSpan _keepAlive;
    private readonly TimeSpan _patience;
    private readonly ILogger _logger;
    private readonly PipeWriter _body;
    private readonly SseWriter _events;

    // Whoever holds it may write: the reader of events, except while it waits for one; then the keep-alive may.
    private readonly SemaphoreSlim _writing = new(0, 1);
    private long _lastWrite;
    private int _unflushed;
    private ITimer? _timer;

    /// <summary>A stream that has not begun.</summary>
    /// <param name="context">The call.</param>
    /// <param name="renderer">Renders the events.</param>
    /// <param name="settings">How long silence and a reader's may last.</param>
    /// <param name="time">The server's clock.</param>
    /// <param name="logger">Learns of failures that are ours.</param>
    public StreamedAnswer(HttpContext context, AnswerRenderer renderer, ApiSettings settings, TimeProvider time, ILogger logger)
    {
        (_context, _renderer, _keepAlive, _patience, _time, _logger) = (context, renderer, settings.KeepAlive, settings.ClientTimeout, time, logger);
        _body = context.Response.BodyWriter;
        _events = new SseWriter(_body);
    }

    /// <summary>Writes the stream to its end.</summary>
    /// <param name="generation">The generation.</param>
    /// <exception cref="AnswerCutException">The stream ended in an error; to be thrown through to the server.</exception>
    public async Task WriteAsync(AdmittedGeneration generation)
    {
        HttpResponse response = _context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        _context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.StartAsync(_context.RequestAborted);
        await FlushAsync();

        ApiError? error = await WriteEventsAsync(generation);
        if (_context.RequestAborted.IsCancellationRequested) return;
        if (error is null)
        {
            _events.WriteDone();
            await FlushAsync();
            return;
        }

        _events.WriteEvent(ErrorWriter.ToResponse(error), WireJson.Default.ErrorResponse);
        await FlushAsync();
        // Some clients ignore an error's event, and would take an orderly end for that of a complete answer.
        throw new AnswerCutException();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _events.Dispose();
        _writing.Dispose();
    }

    private async Task<ApiError?> WriteEventsAsync(AdmittedGeneration generation)
    {
        await using ITimer timer = _time.CreateTimer(static state => ((StreamedAnswer)state!).KeepAlive(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer = timer;
        timer.Change(_keepAlive, Timeout.InfiniteTimeSpan);
        try
        {
            await using IAsyncEnumerator<GenerationEvent> entries = generation.ReadAsync(_context.RequestAborted).GetAsyncEnumerator(CancellationToken.None);
            while (true)
            {
                if (_unflushed >= EventsPerFlush) await FlushAsync();
                ValueTask<bool> next = entries.MoveNextAsync();
                if (!(next.IsCompleted ? await next : await SilentlyAsync(next))) break;

                if (entries.Current is GenerationFailed failed) return failed.Error;
                _renderer.WriteChunk(entries.Current, _events);
                _unflushed++;
                if (entries.Current is ChoiceAdvanced { Usage: not null }) return null;
            }
        }
        catch (OperationCanceledException) when (_context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            AnswerLog.Broken(_logger, _context.TraceIdentifier, e);
            return ApiError.Internal();
        }

        AnswerLog.Unfinished(_logger, _context.TraceIdentifier);
        return ApiError.Internal();
    }

    private async ValueTask<bool> SilentlyAsync(ValueTask<bool> next)
    {
        await FlushAsync();
        if (next.IsCompleted) return await next;
        _writing.Release();
        try
        {
            return await next;
        }
        finally
        {
            await _writing.WaitAsync(CancellationToken.None);
        }
    }

    private ValueTask FlushAsync()
    {
        _lastWrite = _time.GetTimestamp();
        _unflushed = 0;
        return SlowReader.FlushAsync(_context, _body, _patience, _time);
    }

    private void KeepAlive()
    {
        TimeSpan due = _keepAlive;
        if (_writing.Wait(0))
        {
            TimeSpan silence = _time.GetElapsedTime(_lastWrite);
            if (silence >= _keepAlive)
            {
                _events.WritePing();
                _ = PingAsync();
            }
            else
            {
                due -= silence;
                _writing.Release();
            }
        }

        _timer!.Change(due, Timeout.InfiniteTimeSpan);
    }

    private async Task PingAsync()
    {
        try
        {
            await FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }
}
