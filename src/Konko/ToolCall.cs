using Konko.Printing;

namespace Konko;

/// <summary>A call of a tool that the model asks for. Its result goes back as <see cref="Message.Tool"/>.</summary>
public sealed record ToolCall
{
    /// <summary>The call's id, which its result names.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>The function and its arguments.</summary>
    public FunctionCall Function { get; init => field = value ?? new FunctionCall(); } = new();

    /// <summary>Always <c>function</c>.</summary>
    public string Type { get; init => field = value ?? "function"; } = "function";

    /// <inheritdoc/>
    public override string ToString() => new PythonText("ChatCompletionMessageToolCall").Field("id", Id).Field("function", Function).Field("type", Type).ToString();
}
