using Konko.Printing;

namespace Konko;

/// <summary>A fragment of a tool call.</summary>
public sealed record ToolCallDelta
{
    /// <summary>Which call of the message it belongs to.</summary>
    public int Index { get; init; }

    /// <summary>The call's id, in its first fragment.</summary>
    public string? Id { get; init; }

    /// <summary>The function's name in the first fragment, and the arguments' text to append.</summary>
    public FunctionCall? Function { get; init; }

    /// <summary><c>function</c>, in the first fragment.</summary>
    public string? Type { get; init; }

    /// <inheritdoc/>
    public override string ToString() => new PythonText("ChoiceDeltaToolCall")
        .Field("index", Index).Field("id", Id).Field("function", Function).Field("type", Type).ToString();
}
