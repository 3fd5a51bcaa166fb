namespace Konko.Server.Generation.Tools;

/// <summary>Whether a model calls tools.</summary>
public enum ToolChoice
{
    /// <summary>It does not, and is not told of any.</summary>
    None,

    /// <summary>As it sees fit.</summary>
    Auto,

    /// <summary>It calls one at least.</summary>
    Required,
}
