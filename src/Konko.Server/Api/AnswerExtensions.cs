using Konko.Server.Api.ChatCompletions;
using Konko.Server.Api.Completions;
using Konko.Server.Api.Embeddings;
using Konko.Server.Api.Responses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Konko.Server.Api;

/// <summary>Adds the endpoints that answer.</summary>
internal static class AnswerExtensions
{
    /// <summary>Adds what the endpoints need beside an <see cref="Models.IModelDirectory"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="settings">What can be set about them.</param>
    public static IServiceCollection AddAnswers(this IServiceCollection services, ApiSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton<ChatCompletionsEndpoint>();
        services.AddSingleton<CompletionsEndpoint>();
        services.AddSingleton<EmbeddingsEndpoint>();
        services.AddSingleton<ResponsesEndpoint>();
        return services;
    }

    /// <summary>Maps <c>POST /v1/chat/completions</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static IEndpointConventionBuilder MapChatCompletions(this IEndpointRouteBuilder routes)
    {
        ChatCompletionsEndpoint endpoint = routes.ServiceProvider.GetRequiredService<ChatCompletionsEndpoint>();
        return routes.MapPost("/v1/chat/completions", (HttpContext context) => endpoint.HandleAsync(context));
    }

    /// <summary>Maps <c>POST /v1/completions</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static IEndpointConventionBuilder MapCompletions(this IEndpointRouteBuilder routes)
    {
        CompletionsEndpoint endpoint = routes.ServiceProvider.GetRequiredService<CompletionsEndpoint>();
        return routes.MapPost("/v1/completions", (HttpContext context) => endpoint.HandleAsync(context));
    }

    /// <summary>Maps <c>POST /v1/responses</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static IEndpointConventionBuilder MapResponses(this IEndpointRouteBuilder routes)
    {
        ResponsesEndpoint endpoint = routes.ServiceProvider.GetRequiredService<ResponsesEndpoint>();
        return routes.MapPost("/v1/responses", (HttpContext context) => endpoint.HandleAsync(context));
    }

    /// <summary>Maps <c>POST /v1/embeddings</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static IEndpointConventionBuilder MapEmbeddings(this IEndpointRouteBuilder routes)
    {
        EmbeddingsEndpoint endpoint = routes.ServiceProvider.GetRequiredService<EmbeddingsEndpoint>();
        return routes.MapPost("/v1/embeddings", (HttpContext context) => endpoint.HandleAsync(context));
    }
}
