using System.Net.Http.Headers;
using System.Text;

namespace Konko;

/// <summary>An answer as it came over the wire.</summary>
public sealed class RawResponse
{
    internal RawResponse(HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        Status = (int)response.StatusCode;
        Headers = Flatten(response.Headers, response.Content.Headers);
        Body = body;
    }

    /// <summary>The status.</summary>
    public int Status { get; }

    /// <summary>The headers by name, without regard to case; several values of one are joined by a comma.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The body's bytes; none where it is a stream.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The request's id.</summary>
    public string? RequestId => Header("x-request-id");

    /// <summary>A header's value, or null.</summary>
    /// <param name="name">The header's name.</param>
    public string? Header(string name) => Headers.TryGetValue(name, out string? value) ? value : null;

    private static Dictionary<string, string> Flatten(params HttpHeaders[] groups)
    {
        var flat = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (HttpHeaders headers in groups)
        {
            foreach ((string name, HeaderStringValues values) in headers.NonValidated) flat[name] = values.ToString();
        }

        return flat;
    }
}
