using Konko.Printing;

namespace Konko;

/// <summary>A function and what it is called with.</summary>
public sealed record FunctionCall
{
    /// <summary>The arguments' JSON, as the model wrote it.</summary>
    public string Arguments { get; init => field = value ?? ""; } = "";

    /// <summary>The function's name; null in later fragments of a stream.</summary>
    public string? Name { get; init; }

    /// <inheritdoc/>
    public override string ToString() => new PythonText("Function").Field("arguments", Arguments).Field("name", Name).ToString();
}
