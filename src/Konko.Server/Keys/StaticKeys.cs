using System.Security.Cryptography;
using System.Text;
using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Konko.Server.Keys;

/// <summary>The configured keys, kept and compared as SHA-256 hashes.</summary>
internal sealed class StaticKeys
{
    private const string Scheme = "Bearer ";

    private readonly byte[][] _hashes;

    public StaticKeys(KonkoOptions options) => _hashes = [.. options.Keys.Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key)))];

    /// <summary>Whether the call may go on; else why not.</summary>
    public ApiError? Check(HttpRequest request)
    {
        if (_hashes.Length == 0) return null;
        StringValues header = request.Headers.Authorization;
        if (header is not [{ } value] || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Unauthorized("This server needs a key: send the header 'Authorization: Bearer KEY'.");
        }

        return Knows(value.AsSpan(Scheme.Length).Trim()) ? null : Unauthorized("The key in the header 'Authorization' is not one of this server's.");
    }

    private bool Knows(ReadOnlySpan<char> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(key)];
        Encoding.UTF8.GetBytes(key, bytes);
        SHA256.HashData(bytes, hash);
        // Every key is compared to its end, so that the time taken tells nothing.
        bool known = false;
        foreach (byte[] mine in _hashes) known |= CryptographicOperations.FixedTimeEquals(mine, hash);
        return known;
    }

    private static ApiError Unauthorized(string message) => new(401, message, ErrorTypes.InvalidRequest, null, "invalid_api_key");
}
