using System.Text.Json;
using Konko.Protocol.Errors;

namespace Konko.Http;

/// <summary>Makes exceptions of error bodies. Servers that speak the same API spell errors differently; what can be read of them is.</summary>
internal static class ErrorReader
{
    /// <summary>The exception for an answer with an error status.</summary>
    public static KonkoApiException Read(HttpResponseMessage response, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var raw = new RawResponse(response, body);
        ErrorObject error = ReadBody(body) ?? new ErrorObject { Message = Shown(raw.Text), Type = "" };
        string message = error.Message.Length > 0 ? error.Message : $"The server answered {raw.Status} {response.ReasonPhrase} without a word.";
        return new KonkoApiException(message)
        {
            Status = raw.Status,
            Code = error.Code,
            Type = error.Type is "" ? null : error.Type,
            Param = error.Param,
            RequestId = raw.RequestId,
            RetryAfter = RetryPolicy.RetryAfter(response, now),
            IsTransient = RetryPolicy.IsTransient(response),
            Response = raw,
        };
    }

    /// <summary>An error object's fields, where it is an object or a string.</summary>
    public static ErrorObject Read(JsonElement error) => error.ValueKind == JsonValueKind.Object
        ? new ErrorObject { Message = Text(error, "message") ?? Shown(error.GetRawText()), Type = Text(error, "type") ?? "", Param = Text(error, "param"), Code = Text(error, "code") }
        : new ErrorObject { Message = Shown(error.ToString()), Type = "" };

    private static ErrorObject? ReadBody(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            foreach (string name in (ReadOnlySpan<string>)["error", "detail", "message"])
            {
                if (document.RootElement.TryGetProperty(name, out JsonElement error) && error.ValueKind != JsonValueKind.Null) return Read(error);
            }

            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out JsonElement value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value.ToString() : null;

    private static string Shown(string text) => text.Length <= 500 ? text : text[..500] + "…";
}
