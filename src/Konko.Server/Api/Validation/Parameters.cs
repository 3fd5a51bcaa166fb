using System.Globalization;
using System.Text.Json;
using Konko.Server.Api.Errors;

namespace Konko.Server.Api.Validation;

/// <summary>
/// Takes parameters out of a JSON object and remembers the first thing that is wrong with them. A parameter that is
/// absent or <c>null</c> is null; unknown ones are never looked at.
/// </summary>
internal sealed class Parameters
{
    private const double ExactIntegers = 1L << 53;

    private readonly JsonElement _object;
    private readonly string _prefix;
    private readonly Parameters _root;

    /// <summary>The parameters of a request.</summary>
    /// <param name="body">A JSON object.</param>
    public Parameters(JsonElement body)
    {
        _object = body;
        _prefix = "";
        _root = this;
    }

    private Parameters(JsonElement element, string path, Parameters root)
    {
        _object = element;
        _prefix = path + ".";
        _root = root;
    }

    /// <summary>The object as it stands.</summary>
    public JsonElement Json => _object;

    /// <summary>What was found wrong first, in this object or any within it.</summary>
    public ApiError? Error { get; private set; }

    /// <summary>Whether something was found wrong.</summary>
    public bool Failed => _root.Error is not null;

    /// <summary>Remembers a failure, unless there is one already.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="message">What is wrong, a sentence that begins with the parameter's path.</param>
    public void Fail(string name, string message) => _root.Error ??= ApiError.InvalidRequest(Path(name), $"'{Path(name)}' {message}");

    /// <summary>The parameter's path from the request's root.</summary>
    /// <param name="name">The parameter's name.</param>
    public string Path(string name) => _prefix + name;

    /// <summary>The parameter as it stands, or null.</summary>
    /// <param name="name">The parameter's name.</param>
    public JsonElement? Value(string name)
        => _object.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A number within bounds.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="min">Least value.</param>
    /// <param name="max">Most.</param>
    /// <param name="aboveMin">Whether the least value itself is out of bounds.</param>
    public double? Number(string name, double min, double max, bool aboveMin = false)
    {
        if (Value(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            && number >= min && number <= max && !(aboveMin && number == min))
            return number;
        string bounds = aboveMin ? $"above {Show(min)} and at most {Show(max)}" : $"from {Show(min)} to {Show(max)}";
        Fail(name, $"must be a number {bounds}{Instead(value)}.");
        return null;
    }

    /// <summary>An integer within bounds; <c>3.0</c> and <c>3e0</c> are integers too.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="min">Least value.</param>
    /// <param name="max">Most.</param>
    public long? Integer(string name, long min = long.MinValue, long max = long.MaxValue)
    {
        if (Value(name) is not { } value) return null;
        if (TryInteger(value, out long number) && number >= min && number <= max) return number;
        string bounds = (min, max) switch
        {
            (long.MinValue, _) => "of 64 bits",
            (_, long.MaxValue) => $"of at least {Show(min)}",
            _ => $"from {Show(min)} to {Show(max)}",
        };
        Fail(name, $"must be an integer {bounds}{Instead(value)}.");
        return null;
    }

    /// <summary>A boolean; false where it is absent.</summary>
    /// <param name="name">The parameter's name.</param>
    public bool Boolean(string name)
    {
        if (Value(name) is not { } value) return false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fail(name, $"must be true or false{Instead(value)}.");
        return false;
    }

    /// <summary>A string.</summary>
    /// <param name="name">The parameter's name.</param>
    public string? Text(string name)
    {
        if (Value(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        Fail(name, $"must be a string{Instead(value)}.");
        return null;
    }

    /// <summary>An object's own parameters.</summary>
    /// <param name="name">The parameter's name.</param>
    public Parameters? Object(string name)
    {
        if (Value(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Object) return new Parameters(value, Path(name), _root);
        Fail(name, $"must be an object{Instead(value)}.");
        return null;
    }

    /// <summary>The parameters of an object that stands in a list.</summary>
    /// <param name="name">The list's name.</param>
    /// <param name="index">The object's place.</param>
    /// <param name="element">The object.</param>
    public Parameters? Element(string name, int index, JsonElement element)
    {
        string item = string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]");
        if (element.ValueKind == JsonValueKind.Object) return new Parameters(element, Path(item), _root);
        Fail(item, $"must be an object{Instead(element)}.");
        return null;
    }

    /// <summary>A list.</summary>
    /// <param name="name">The parameter's name.</param>
    public JsonElement? List(string name)
    {
        if (Value(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Array) return value;
        Fail(name, $"must be a list{Instead(value)}.");
        return null;
    }

    /// <summary>Reads an integer, however it is written, if it is exact.</summary>
    /// <param name="value">The value.</param>
    /// <param name="number">The integer.</param>
    public static bool TryInteger(JsonElement value, out long number)
    {
        number = 0;
        if (value.ValueKind != JsonValueKind.Number) return false;
        if (value.TryGetInt64(out number)) return true;
        if (!value.TryGetDouble(out double real) || !(Math.Abs(real) <= ExactIntegers) || real != Math.Truncate(real)) return false;
        number = (long)real;
        return true;
    }

    /// <summary>What stands there instead of what should, for the end of a message.</summary>
    /// <param name="value">What stands there.</param>
    public static string Instead(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => ", not a string",
        JsonValueKind.Number when value.GetRawText() is { Length: <= 40 } number => $", not {number}",
        JsonValueKind.Number => ", not so long a number",
        JsonValueKind.True or JsonValueKind.False => ", not a boolean",
        JsonValueKind.Array => ", not a list",
        JsonValueKind.Object => ", not an object",
        _ => ", not null",
    };

    private static string Show(double bound) => bound.ToString(CultureInfo.InvariantCulture);

    private static string Show(long bound) => bound.ToString(CultureInfo.InvariantCulture);
}
