namespace Konko.Engine.Templates.Statements;

/// <summary>How a statement ended.</summary>
internal enum Flow
{
    /// <summary>The next statement follows.</summary>
    Next,

    /// <summary>The loop around it goes on to its next turn.</summary>
    Continue,

    /// <summary>The loop around it ends.</summary>
    Break,
}
