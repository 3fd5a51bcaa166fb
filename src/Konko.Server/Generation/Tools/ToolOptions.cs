namespace Konko.Server.Generation.Tools;

/// <summary>The tools of a request, and how they may be used.</summary>
public sealed record ToolOptions
{
    /// <summary>The tools that the model may call, at least one; only the named one where one was named.</summary>
    public required IReadOnlyList<ToolDefinition> Tools { get; init; }

    /// <summary>Whether it calls them; never <see cref="ToolChoice.None"/>.</summary>
    public ToolChoice Choice { get; init; } = ToolChoice.Auto;

    /// <summary>Whether an answer may hold several calls; null where the caller did not say.</summary>
    public bool? Parallel { get; init; }

    /// <summary>Whether the caller speaks the older form: <c>functions</c>, <c>function_call</c>, one call an answer.</summary>
    public bool Older { get; init; }

    /// <summary>Whether the model calls as it sees fit, and then with arguments that satisfy a schema.</summary>
    public bool IsStrict => Choice == ToolChoice.Auto && Tools.Any(tool => tool.Strict);

    /// <summary>Whether an answer ends where a second call begins.</summary>
    public bool OneCall => Older || Parallel == false;
}
