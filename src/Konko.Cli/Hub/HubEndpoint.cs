using Konko.Cli.Running;

namespace Konko.Cli.Hub;

/// <summary>Which hub is asked, and as whom.</summary>
/// <param name="Url">Its address, without a slash at the end.</param>
/// <param name="Token">The key; null asks as nobody.</param>
internal sealed record HubEndpoint(string Url, string? Token)
{
    private const string Usual = "https://huggingface.co";

    /// <summary>The hub that <c>HF_ENDPOINT</c> names, else the usual one; the key is that of <c>HF_TOKEN</c>.</summary>
    /// <param name="environment">Reads a variable.</param>
    /// <exception cref="UsageException">One of them is wrong.</exception>
    public static HubEndpoint Of(Func<string, string?> environment)
    {
        string url = environment("HF_ENDPOINT") is { Length: > 0 } named ? named.Trim().TrimEnd('/') : Usual;
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            throw new UsageException($"HF_ENDPOINT must be an http or https URL, not '{url}'.");
        }

        string? token = environment("HF_TOKEN") is { Length: > 0 } key ? key.Trim() : null;
        if (token is not null && token.AsSpan().ContainsAnyExceptInRange('!', '~')) throw new UsageException("HF_TOKEN holds characters that no key has.");
        if (token is not null && uri.Scheme == "http" && !uri.IsLoopback) throw new UsageException("HF_TOKEN is not sent over http, where anybody on the way can read it; use https in HF_ENDPOINT, or unset HF_TOKEN.");
        return new HubEndpoint(url, token);
    }

    /// <summary>Whether an address is on the hub itself: only there the key is shown.</summary>
    public bool Owns(Uri uri) => Uri.Compare(uri, new Uri(Url), UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
