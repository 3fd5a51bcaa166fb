using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Konko.Server.Keys;

/// <summary>Who calls, without the key itself.</summary>
internal static class CallerKey
{
    private const string Scheme = "Bearer ";

    /// <summary>SHA-256 of the caller's key, in hexadecimal; empty where it showed none.</summary>
    /// <param name="request">The call.</param>
    public static string Hash(HttpRequest request)
    {
        StringValues header = request.Headers.Authorization;
        if (header is not [{ } value] || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return "";
        string key = value[Scheme.Length..].Trim();
        return key.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }
}
