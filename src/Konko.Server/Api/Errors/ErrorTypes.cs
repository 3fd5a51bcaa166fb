namespace Konko.Server.Api.Errors;

/// <summary>The families of errors, as OpenAI's SDKs know them.</summary>
public static class ErrorTypes
{
    /// <summary>The request is at fault.</summary>
    public const string InvalidRequest = "invalid_request_error";

    /// <summary>The key may not do that.</summary>
    public const string Permission = "permission_error";

    /// <summary>Too much at once.</summary>
    public const string RateLimit = "rate_limit_error";

    /// <summary>The budget is spent.</summary>
    public const string InsufficientQuota = "insufficient_quota";

    /// <summary>The server is at fault.</summary>
    public const string Server = "server_error";

    /// <summary>An upstream is at fault.</summary>
    public const string Upstream = "upstream_error";
}
