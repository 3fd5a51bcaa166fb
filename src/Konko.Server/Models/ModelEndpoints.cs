using Konko.Protocol;
using Konko.Protocol.Models;
using Konko.Server.Api;
using Konko.Server.Api.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Konko.Server.Models;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder endpoints)
    {
        ModelRegistry registry = endpoints.ServiceProvider.GetRequiredService<ModelRegistry>();
        endpoints.MapGet("/v1/models", context => JsonReply.WriteAsync(context, registry.List(), WireJson.Default.ModelList));
        endpoints.MapGet("/v1/models/{**id}", context => RetrieveAsync(context, registry));
    }

    private static Task RetrieveAsync(HttpContext context, ModelRegistry registry)
    {
        // Old SDKs send the slash bare. New ones send %2F, which Kestrel leaves as it is.
        string name = ((string)context.Request.RouteValues["id"]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (registry.Find(name) is not (ModelObject row, string id)) return ErrorWriter.WriteAsync(context, registry.NotFound(name));
        context.Response.Headers[ModelHeaders.Model] = id;
        return JsonReply.WriteAsync(context, row, WireJson.Default.ModelObject);
    }
}
