using System.Text.Json;

namespace Konko.Server.Configuration;

/// <summary>Small helpers for JSON that people wrote.</summary>
internal static class JsonText
{
    /// <summary>The items of an array, or the value itself: one may stand for a list of one.</summary>
    public static IEnumerable<JsonElement> ItemsOrSelf(this JsonElement value)
        => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];

    /// <summary>Says in plain words what a <see cref="JsonException"/> found.</summary>
    public static string Explain(JsonException exception)
    {
        // System.Text.Json names its own types and members; people need the place and the property.
        string message = exception.Message;
        int mark = message.IndexOf("The JSON property '", StringComparison.Ordinal);
        if (mark >= 0)
        {
            int start = mark + "The JSON property '".Length;
            return $"'{message[start..message.IndexOf('\'', start)]}' is not known.";
        }

        return exception.LineNumber is long line && exception.Path is null or "$"
            ? $"is not valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}."
            : $"'{exception.Path?.TrimStart('$', '.')}' has a value of the wrong type.";
    }
}
