using System.Globalization;
using Konko.Server.Api;
using Konko.Server.Api.Errors;
using Konko.Server.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Konko.Server.Streams;

/// <summary><c>GET</c> and <c>DELETE /v1/streams/{id}</c>.</summary>
internal sealed class StreamEndpoints(StreamRegistry streams, ApiSettings settings, TimeProvider time)
{
    /// <summary>Says after which event to go on.</summary>
    public const string LastEventIdHeader = "Last-Event-ID";

    /// <summary>Maps the endpoints.</summary>
    /// <param name="routes">Where to.</param>
    public static void Map(IEndpointRouteBuilder routes)
    {
        StreamEndpoints endpoints = ActivatorUtilities.CreateInstance<StreamEndpoints>(routes.ServiceProvider);
        routes.MapGet("/v1/streams/{id}", endpoints.GetAsync);
        routes.MapDelete("/v1/streams/{id}", endpoints.DeleteAsync);
    }

    private async Task GetAsync(HttpContext context)
    {
        if (streams.Find(Id(context), CallerKey.Hash(context.Request)) is not { } stream)
        {
            await ErrorWriter.WriteAsync(context, StreamErrors.NotFound);
            return;
        }

        try
        {
            if (await GoOnAsync(context, stream) is { } error) await ErrorWriter.WriteAsync(context, error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader went away; the stream goes on.
        }
        finally
        {
            stream.Leave();
        }
    }

    private async Task<ApiError?> GoOnAsync(HttpContext context, KeptStream stream)
    {
        if (LastEventId(context.Request) is not int after) return StreamErrors.LastEventId($"'{LastEventIdHeader}' must be the id of an event of this stream, a whole number.");
        (StreamLog? log, ApiError? error) = await stream.LogAsync(context.RequestAborted);
        if (log is null) return error;

        // What is written again comes to the event that its reader had, if there ever was one.
        while (log.IsAgain && log.Count < after && log.Read(int.MaxValue, 1) is { End: StreamEnd.None } slice) await slice.Changed.WaitAsync(context.RequestAborted);
        StreamEnd end = log.End;
        int count = log.Count;
        if (end != StreamEnd.Broken)
        {
            if (after > count) return StreamErrors.LastEventId($"'{LastEventIdHeader}' is {after}, and this stream has {count} events {(end == StreamEnd.None ? "so far" : "in all")}.");
            if (end != StreamEnd.None && after == count) after--;
        }

        await StreamFollower.SendAsync(context, log, after, settings, time);
        return null;
    }

    private async Task DeleteAsync(HttpContext context)
    {
        if (streams.Find(Id(context), CallerKey.Hash(context.Request)) is not { } stream)
        {
            await ErrorWriter.WriteAsync(context, StreamErrors.NotFound);
            return;
        }

        streams.Cancel(stream);
        stream.Leave();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static string Id(HttpContext context) => ((string)context.Request.RouteValues["id"]!).ToLowerInvariant();

    private static int? LastEventId(HttpRequest request)
    {
        StringValues header = request.Headers[LastEventIdHeader];
        if (header.Count == 0) return 0;
        return header is [{ } text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
    }
}
