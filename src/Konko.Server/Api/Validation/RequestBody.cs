using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Konko.Server.Api.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Konko.Server.Api.Validation;

/// <summary>Reads a request's body as one JSON object whose strings are all well-formed, or says why it is not.</summary>
/// <param name="Document">The document; whoever holds it disposes it. Of a repeated key the last one counts.</param>
/// <param name="Error">Why there is none.</param>
internal readonly record struct RequestBody(JsonDocument? Document, ApiError? Error)
{
    /// <summary>Deepest nesting of arrays and objects.</summary>
    public const int MaxDepth = 64;

    private static readonly TimeSpan s_retryWhenFull = TimeSpan.FromSeconds(5);
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Reads the body.</summary>
    /// <param name="context">The call.</param>
    /// <param name="limit">Most bytes.</param>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context, long limit)
    {
        if (!IsJson(context.Request))
            return Fail(new ApiError(415, "The body must be sent as Content-Type: application/json, in UTF-8.", ErrorTypes.InvalidRequest));

        byte[]? body;
        BodyMemory.Share share = context.RequestServices.GetRequiredService<BodyMemory>().Begin();
        context.Response.RegisterForDispose(share);
        try
        {
            body = await ReadBytesAsync(context, limit, share);
        }
        catch (BodyMemoryException)
        {
            // What is left of the body is not read, so the connection ends, and the client is told.
            if (HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
            return Fail(ApiError.Overloaded(s_retryWhenFull) with { Message = "The memory for the bodies of requests is full. Try again in a moment." });
        }
        catch (BadHttpRequestException e) when (e.StatusCode != StatusCodes.Status413PayloadTooLarge)
        {
            return Fail(new ApiError(e.StatusCode is >= 400 and < 500 and not 409 and not 422 ? e.StatusCode : 400, "The body could not be read.", ErrorTypes.InvalidRequest));
        }
        catch (BadHttpRequestException)
        {
            body = null;
        }
        catch (IOException)
        {
            // The client went away in the middle of it, and will not read this.
            return Malformed("The body could not be read to its end.");
        }

        return body is null
            ? Fail(new ApiError(413, $"The body is larger than {limit} bytes.", ErrorTypes.InvalidRequest))
            : Parse(body);
    }

    /// <summary>Parses a body.</summary>
    /// <param name="utf8">The bytes, kept by the document.</param>
    public static RequestBody Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (utf8.IsEmpty) return Malformed("The body is empty; it must be a JSON object.");
        if (!Utf8.IsValid(utf8.Span)) return Malformed($"The body is not valid UTF-8 at byte {InvalidAt(utf8.Span)}.");

        JsonDocument document;
        try
        {
            CheckStrings(utf8.Span);
            document = JsonDocument.Parse(utf8, Options);
        }
        catch (JsonException e)
        {
            return Malformed($"The body is not valid JSON, or is nested deeper than {MaxDepth} levels, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (InvalidSurrogateException e)
        {
            return Malformed($"The body holds half a surrogate pair in the string at byte {e.Position + 1}.");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return new RequestBody(document, null);
        document.Dispose();
        return Malformed("The body must be a JSON object.");
    }

    private static async ValueTask<byte[]?> ReadBytesAsync(HttpContext context, long limit, BodyMemory.Share share)
    {
        if (context.Request.ContentLength > limit) return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = limit;

        PipeReader reader = context.Request.BodyReader;
        while (true)
        {
            ReadResult result = await reader.ReadAsync(context.RequestAborted);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (buffer.Length > limit) return null;
            if (!share.TryGrow(buffer.Length)) throw new BodyMemoryException();
            if (result.IsCompleted)
            {
                byte[] body = buffer.ToArray();
                reader.AdvanceTo(buffer.End);
                return body;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    // A type that forms can send across origins without a preflight would let any web page talk to a server on loopback.
    private static bool IsJson(HttpRequest request)
        => MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    // The framework finds an escaped half of a surrogate pair only when the string is taken out, and throws then.
    private static void CheckStrings(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped) continue;
            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw new InvalidSurrogateException(reader.TokenStartIndex);
            }
        }
    }

    private static int InvalidAt(ReadOnlySpan<byte> utf8)
    {
        int position = 0;
        while (System.Text.Rune.DecodeFromUtf8(utf8[position..], out _, out int consumed) == OperationStatus.Done) position += consumed;
        return position + 1;
    }

    private static RequestBody Fail(ApiError error) => new(null, error);

    private static RequestBody Malformed(string message) => Fail(ApiError.InvalidRequest(null, message));

    private sealed class BodyMemoryException : Exception;

    private sealed class InvalidSurrogateException(long position) : Exception
    {
        public long Position { get; } = position;
    }
}
