using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Konko.Http;
using Konko.Protocol.Errors;

namespace Konko.Streaming;

/// <summary>The reading of one answer: over one connection, or over several where it is resumable.</summary>
/// <typeparam name="T">Type of the chunks.</typeparam>
internal sealed class StreamReading<T> where T : class
{
    private readonly Transport _transport;
    private readonly KonkoClientOptions _options;
    private readonly string _path;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly bool _resumable;
    private readonly CancellationToken _caller;
    private readonly ChunkParser<T> _parser;
    private Connection? _connection;
    private string? _id;
    private string? _lastEventId;
    private bool _done;

    public StreamReading(Transport transport, KonkoClientOptions options, string path, ReadOnlyMemory<byte> body, bool resumable, ChunkParser<T> parser, CancellationToken caller) =>
        (_transport, _options, _path, _body, _resumable, _parser, _caller) = (transport, options, path, body, resumable, parser, caller);

    public RawResponse? Response { get; private set; }

    public async IAsyncEnumerable<T> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_caller, cancellationToken);
        try
        {
            _connection = await BeginAsync(either.Token).ConfigureAwait(false);
            Response = new RawResponse(_connection.Response, default);
            int failures = 0;
            while (true)
            {
                T? chunk;
                KonkoException? broken = null;
                try
                {
                    chunk = await NextAsync(_connection).ConfigureAwait(false);
                }
                catch (KonkoException exception) when (CanResume(exception))
                {
                    (chunk, broken) = (null, exception);
                }

                if (chunk is not null)
                {
                    failures = 0;
                    yield return chunk;
                }
                else if (broken is not null)
                {
                    await _connection.DisposeAsync().ConfigureAwait(false);
                    (_connection, failures) = await ReconnectAsync(broken, failures, either.Token).ConfigureAwait(false);
                }
                else
                {
                    yield break;
                }
            }
        }
        finally
        {
            if (_connection is not null) await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<Connection> BeginAsync(CancellationToken cancellationToken)
    {
        var watchdog = new Watchdog(_transport.Time, KonkoTimeout.FirstToken, _options.FirstTokenTimeout, cancellationToken);
        try
        {
            return await OpenAsync(await _transport.OpenAsync(HttpMethod.Post, _path, _body, null, watchdog, retry: true).ConfigureAwait(false), watchdog).ConfigureAwait(false);
        }
        catch
        {
            watchdog.Dispose();
            throw;
        }
    }

    private async Task<Connection> OpenAsync(HttpResponseMessage response, Watchdog watchdog)
    {
        try
        {
            Stream body = await response.Content.ReadAsStreamAsync(watchdog.Token).ConfigureAwait(false);
            return new Connection(response, new WatchedStream(body, watchdog), watchdog, Parse);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Only a stream with a name and a place in it can be gone on with, and only where the connection broke rather than the answer.</summary>
    private bool CanResume(KonkoException exception) =>
        _resumable && _id is not null && _lastEventId is not null
        && exception is KonkoStreamException { Failure: KonkoStreamFailure.Truncated } or KonkoStreamException { Code: "interrupted" } or KonkoTimeoutException { WaitedFor: KonkoTimeout.Silence };

    private async Task<(Connection Connection, int Failures)> ReconnectAsync(KonkoException broken, int failures, CancellationToken cancellationToken)
    {
        while (++failures <= _options.MaxReconnects)
        {
            TimeSpan delay = (broken as KonkoApiException)?.RetryAfter ?? RetryPolicy.Backoff(failures);
            if (delay > _options.MaxRetryDelay) break;
            Log.Reconnect(_transport.Logger, _id!, _lastEventId!, broken.Message, delay);
            var watchdog = new Watchdog(_transport.Time, KonkoTimeout.FirstToken, delay + _options.FirstTokenTimeout, cancellationToken);
            try
            {
                await _transport.WaitAsync(delay, watchdog).ConfigureAwait(false);
                HttpResponseMessage response = await _transport.OpenAsync(HttpMethod.Get, "streams/" + Uri.EscapeDataString(_id!), null, _lastEventId, watchdog, retry: false).ConfigureAwait(false);
                return (await OpenAsync(response, watchdog).ConfigureAwait(false), failures);
            }
            catch (KonkoException exception) when (exception is KonkoApiException { IsTransient: true } or KonkoConnectionException or KonkoTimeoutException)
            {
                watchdog.Dispose();
                broken = exception;
            }
            catch (KonkoApiException exception)
            {
                watchdog.Dispose();
                throw new KonkoStreamException(KonkoStreamFailure.Truncated, "The stream broke and cannot be gone on with: " + exception.Message, exception)
                {
                    Status = exception.Status, Code = exception.Code, Type = exception.Type, Param = exception.Param, RequestId = exception.RequestId,
                };
            }
            catch
            {
                watchdog.Dispose();
                throw;
            }
        }

        throw new KonkoStreamException(KonkoStreamFailure.Truncated, $"The stream broke, and {_options.MaxReconnects} reconnects did not mend it: {broken.Message}", broken)
        {
            Status = broken.Status, Code = broken.Code, RequestId = broken.RequestId,
        };
    }

    /// <summary>The next chunk; null after the end that the server has told.</summary>
    private async ValueTask<T?> NextAsync(Connection connection)
    {
        try
        {
            while (await connection.Events.MoveNextAsync().ConfigureAwait(false))
            {
                connection.CountEvent(_options.SilenceTimeout);
                T? chunk = connection.Events.Current.Data;
                if (_done) return null;
                if (chunk is null) continue;
                Remember(connection, chunk);
                return chunk;
            }
        }
        catch (Exception exception) when (connection.Watchdog.Caused(exception))
        {
            throw connection.Watchdog.Failure(exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw Failure(connection, KonkoStreamFailure.Truncated, "The connection broke within the stream: " + exception.Message, exception);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            throw Failure(connection, KonkoStreamFailure.Malformed, "An event of the stream is no JSON of a chunk: " + exception.Message, exception);
        }

        throw Failure(connection, KonkoStreamFailure.Truncated, "The stream ended without [DONE]: what came is not the whole answer.", null);
    }

    private void Remember(Connection connection, T chunk)
    {
        var answer = (IAnswerChunk)chunk;
        if (answer.Extra is not null && answer.Extra.TryGetValue("error", out JsonElement error) && error.ValueKind != JsonValueKind.Null)
        {
            ErrorObject told = ErrorReader.Read(error);
            throw new KonkoStreamException(KonkoStreamFailure.ServerError, told.Message)
            {
                Status = (int)connection.Response.StatusCode, Code = told.Code, Type = told.Type is "" ? null : told.Type, Param = told.Param, RequestId = Response?.RequestId,
            };
        }

        if (!_resumable) return;
        if (connection.LastEventId is { Length: > 0 } id) _lastEventId = id;
        if (_id is null && answer.Id.Length > 0) _id = answer.Id;
        else if (answer.Id != _id && answer.Id.Length > 0)
            throw Failure(connection, KonkoStreamFailure.Malformed, $"The stream goes on with another answer: {answer.Id}, not {_id}.", null);
    }

    private KonkoStreamException Failure(Connection connection, KonkoStreamFailure failure, string message, Exception? inner) =>
        new(failure, message, inner) { Status = (int)connection.Response.StatusCode, RequestId = Response?.RequestId };

    /// <summary>An event's data: a chunk, or null where it says nothing to us. Events of other names are for other clients.</summary>
    private T? Parse(string eventType, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8)) _done = true;
        if (_done || data.IsEmpty || eventType is not ("message" or "error" or "")) return null;
        return _parser.Parse(data);
    }

    /// <summary>One response and what reads it.</summary>
    private sealed class Connection : IAsyncDisposable
    {
        private readonly WatchedStream _body;
        private readonly SseParser<T?> _parser;
        private bool _begun;

        public Connection(HttpResponseMessage response, WatchedStream body, Watchdog watchdog, SseItemParser<T?> parse)
        {
            (Response, Watchdog, _body) = (response, watchdog, body);
            _parser = SseParser.Create(body, parse);
            Events = _parser.EnumerateAsync(watchdog.Token).GetAsyncEnumerator(watchdog.Token);
        }

        public HttpResponseMessage Response { get; }

        public Watchdog Watchdog { get; }

        public IAsyncEnumerator<SseItem<T?>> Events { get; }

        public string LastEventId => _parser.LastEventId;

        public void CountEvent(TimeSpan silence)
        {
            _body.CountEvent();
            if (_begun) return;
            _begun = true;
            Watchdog.ListenForSilence(silence);
        }

        public async ValueTask DisposeAsync()
        {
            // The response first: a reading that is stopped in mid-stream must not drain the rest.
            Response.Dispose();
            await Events.DisposeAsync().ConfigureAwait(false);
            Watchdog.Dispose();
        }
    }
}
