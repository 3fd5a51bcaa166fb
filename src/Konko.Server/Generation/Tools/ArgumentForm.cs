namespace Konko.Server.Generation.Tools;

/// <summary>How the arguments of a call are written.</summary>
internal enum ArgumentForm
{
    /// <summary>JSON, or JSON in a string.</summary>
    Json,

    /// <summary>Each parameter between tags.</summary>
    Tagged,

    /// <summary>As Python writes them, or nearly JSON.</summary>
    Loose,
}
