using Konko.Server.Api;
using Konko.Server.Api.Tokens;
using Konko.Server.Configuration;
using Konko.Server.Health;
using Konko.Server.Hosting;
using Konko.Server.Landing;
using Konko.Server.Models;
using Konko.Server.Providers.Local;
using Konko.Server.Reference;
using Konko.Server.Streams;
using Konko.Server.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Konko.Server;

/// <summary>Adds Konko to an ASP.NET Core application: <c>builder.AddKonko(); … app.MapKonko();</c></summary>
public static class KonkoExtensions
{
    /// <summary>Adds the server's services. The models begin to load when the application starts.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="options">What to serve; null serves the embedded models.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message names all that are.</exception>
    /// <remarks>Where the application listens, and with what certificate, is the application's own affair.</remarks>
    public static IHostApplicationBuilder AddKonko(this IHostApplicationBuilder builder, KonkoOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        options ??= new KonkoOptions();
        List<SettingError> errors = OptionsValidator.Validate(options, _ => "options");
        if (errors.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));

        IServiceCollection services = builder.Services;
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddRouting();
        services.AddSingleton(new StreamSettings { Limit = options.StreamLimit, Bytes = options.StreamMemoryBytes, Keep = options.StreamKeep, Grace = options.StreamGrace });
        services.AddAnswers(new ApiSettings { BodyLimitBytes = options.BodyLimitBytes, BodyMemoryBytes = options.BodyMemoryBytes, ChatMaxTokens = options.MaxTokensDefault, ClientTimeout = options.ClientTimeout });
        services.AddCors(cors => cors.AddPolicy(KonkoPipeline.CorsPolicy, CorsPolicies.Create(options)));
        services.AddSingleton<Drain>();
        services.TryAddSingleton<IModelLoader, LocalModelLoader>();
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton<IModelDirectory>(provider => provider.GetRequiredService<ModelRegistry>());
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHostedService<ModelLoading>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageJournal>());
        // The drain's limit, and some time for the last bytes to leave.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + TimeSpan.FromSeconds(5));
        return builder;
    }

    /// <summary>Adds the server's endpoints, and what calls to them pass before: request ids, errors, keys, CORS.</summary>
    /// <param name="app">The application; its other paths are left alone.</param>
    public static WebApplication MapKonko(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseWhen(context => KonkoPipeline.Owns(context.Request.Path), KonkoPipeline.Use);
        MapEndpoints(app);
        return app;
    }

    /// <summary>As <see cref="MapKonko"/>, where there is nothing else: unknown paths are answered in Konko's way too.</summary>
    internal static void MapKonkoAlone(this WebApplication app)
    {
        KonkoPipeline.Use(app);
        MapEndpoints(app);
    }

    private static void MapEndpoints(WebApplication app)
    {
        app.MapLanding();
        app.MapHealth();
        app.MapReference();
        app.MapModels();
        app.MapChatCompletions();
        app.MapCompletions();
        app.MapEmbeddings();
        app.MapResponses();
        StreamEndpoints.Map(app);
        TokenEndpoints.Map(app);
    }
}
