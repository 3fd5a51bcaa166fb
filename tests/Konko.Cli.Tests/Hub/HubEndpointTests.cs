using Konko.Cli.Hub;
using Konko.Cli.Running;

namespace Konko.Cli.Tests.Hub;

public sealed class HubEndpointTests
{
    [Theory]
    [InlineData(null, null, "https://huggingface.co")]
    [InlineData("https://mirror.example/hf/", "hf_x", "https://mirror.example/hf")]
    [InlineData("http://127.0.0.1:8080", "hf_x", "http://127.0.0.1:8080")]
    [InlineData("http://mirror.example", null, "http://mirror.example")]
    public void Of_Environment_IsTheHubThatItNames(string? url, string? token, string expected)
    {
        HubEndpoint endpoint = HubEndpoint.Of(name => name == "HF_ENDPOINT" ? url : token);

        Assert.Equal((expected, token), (endpoint.Url, endpoint.Token));
    }

    [Theory]
    [InlineData("mirror.example", null, "HF_ENDPOINT must be an http or https URL")]
    [InlineData("ftp://mirror.example", null, "HF_ENDPOINT must be an http or https URL")]
    [InlineData("https://me:secret@mirror.example", null, "HF_ENDPOINT must be an http or https URL")]
    [InlineData("http://mirror.example", "hf_x", "HF_TOKEN is not sent over http")]
    [InlineData(null, "hf_x\r\nX: y", "HF_TOKEN holds characters that no key has")]
    public void Of_WrongEnvironment_IsAUsageError(string? url, string? token, string message) =>
        Assert.StartsWith(message, Assert.Throws<UsageException>(() => HubEndpoint.Of(name => name == "HF_ENDPOINT" ? url : token)).Message, StringComparison.Ordinal);
}
