using System.Net;
using Konko.Cli.Hub;
using Konko.Cli.Running;

namespace Konko.Cli.Tests.Hub;

public sealed class HubHttpTests
{
    [Theory]
    [InlineData("http://hub.example/a", "redirects from https to http")]
    [InlineData("file:///etc/passwd", "redirects to a 'file' address")]
    [InlineData("ftp://hub.example/a", "redirects to a 'ftp' address")]
    [InlineData(null, "redirects to nowhere")]
    public async Task Get_RedirectionThatIsNoneToFollow_Fails(string? location, string message)
    {
        var handler = new Redirecting(location);
        using var http = new HubHttp(new HubEndpoint("https://hub.example", "hf_x"), TimeProvider.System, handler);

        FailureException failure = await Assert.ThrowsAsync<FailureException>(() => http.GetAsync(new Uri("https://hub.example/x"), null, TestContext.Current.CancellationToken));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Single(handler.Seen);
    }

    [Theory]
    [InlineData("https://hub.example/b", true)]
    [InlineData("/b", true)]
    [InlineData("https://HUB.example/b", true)]
    [InlineData("https://hub.example:444/b", false)]
    [InlineData("https://hub.example.evil/b", false)]
    [InlineData("https://cdn.hub.example/b", false)]
    public async Task Get_RedirectionElsewhere_KeepsTheKeyWithTheHub(string location, bool keeps)
    {
        var handler = new Redirecting(location);
        using var http = new HubHttp(new HubEndpoint("https://hub.example", "hf_x"), TimeProvider.System, handler);

        using HubAnswer answer = await http.GetAsync(new Uri("https://hub.example/x"), null, TestContext.Current.CancellationToken);

        Assert.Equal(["Bearer hf_x", keeps ? "Bearer hf_x" : null], handler.Seen);
        Assert.Equal(keeps, answer.IsHub);
    }

    private sealed class Redirecting(string? location) : HttpMessageHandler
    {
        public List<string?> Seen { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen.Add(request.Headers.Authorization?.ToString());
            var response = new HttpResponseMessage(Seen.Count == 1 ? HttpStatusCode.Found : HttpStatusCode.OK) { RequestMessage = request };
            if (Seen.Count == 1 && location is not null) response.Headers.Location = new Uri(location, UriKind.RelativeOrAbsolute);
            return Task.FromResult(response);
        }
    }
}
