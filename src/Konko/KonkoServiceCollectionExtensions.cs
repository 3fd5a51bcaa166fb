using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Konko;

/// <summary>Clients in a container.</summary>
public static class KonkoServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="KonkoClient"/> for the whole program. It logs to the container's logger.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; what is left open comes from the environment.</param>
    public static IServiceCollection AddKonkoClient(this IServiceCollection services, Action<KonkoClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(provider => Create(provider, configure));
    }

    /// <summary>Adds a <see cref="KonkoClient"/> that is asked for by a key: one of several servers.</summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key.</param>
    /// <param name="configure">Sets options; what is left open comes from the environment.</param>
    public static IServiceCollection AddKeyedKonkoClient(this IServiceCollection services, object serviceKey, Action<KonkoClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddKeyedSingleton(serviceKey, (provider, _) => Create(provider, configure));
    }

    private static KonkoClient Create(IServiceProvider provider, Action<KonkoClientOptions>? configure)
    {
        var options = new KonkoClientOptions
        {
            LoggerFactory = provider.GetService<ILoggerFactory>(),
            TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
        };
        configure?.Invoke(options);
        return new KonkoClient(options);
    }
}
