using Konko.Server.Api.ChatCompletions;
using Konko.Server.Api.Completions;
using Konko.Server.Api.Embeddings;
using Konko.Server.Api.Responses;
using Konko.Server.Api.Validation;
using Konko.Server.Configuration;
using Konko.Server.Models;
using Konko.Server.Storage;
using Konko.Server.Streams;
using Konko.Server.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

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
        services.AddSingleton(new BodyMemory(settings.BodyMemoryBytes));
        services.AddSingleton<ChatCompletionsEndpoint>();
        services.AddSingleton<CompletionsEndpoint>();
        services.AddSingleton<EmbeddingsEndpoint>();
        services.AddSingleton<ResponsesEndpoint>();
        services.TryAddSingleton(new KonkoOptions());
        services.TryAddSingleton(new StreamSettings());
        services.AddSingleton<DataFolder>();
        services.AddSingleton<Func<IEnumerable<IStreamSources>>>(provider => () => [provider.GetRequiredService<ChatCompletionsEndpoint>(), provider.GetRequiredService<CompletionsEndpoint>(), provider.GetRequiredService<ResponsesEndpoint>()]);
        services.AddSingleton<StreamRegistry>();
        services.TryAddSingleton<IUsageStore>(provider => provider.GetRequiredService<DataFolder>().Path is string path ? new SqliteUsageStore(Path.Combine(path, "usage.db")) : new NoUsageStore());
        services.AddSingleton(provider => new UsageJournal(
            provider.GetRequiredService<IUsageStore>(),
            () => provider.GetRequiredService<StreamRegistry>().Ids,
            provider.GetService<ModelRegistry>()?.Loading ?? Task.CompletedTask,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<UsageJournal>>()));
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
