using Microsoft.Extensions.DependencyInjection;

namespace Konko.Tests;

public sealed class KonkoServiceCollectionExtensionsTests
{
    [Fact]
    public void AddKonkoClient_PlainAndKeyed_AreDifferentSingletons()
    {
        using ServiceProvider provider = new ServiceCollection()
            .AddKonkoClient(options => options.BaseUrl = new Uri("http://a"))
            .AddKeyedKonkoClient("other", options => options.BaseUrl = new Uri("http://b"))
            .BuildServiceProvider();
        KonkoClient plain = provider.GetRequiredService<KonkoClient>();
        Assert.Same(plain, provider.GetRequiredService<KonkoClient>());
        Assert.Equal(("http://a/v1/", "http://b/v1/"), (plain.BaseUrl.AbsoluteUri, provider.GetRequiredKeyedService<KonkoClient>("other").BaseUrl.AbsoluteUri));
    }
}
