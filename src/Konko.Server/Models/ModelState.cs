namespace Konko.Server.Models;

/// <summary>Where a model is on its way into memory and out of it.</summary>
internal enum ModelState
{
    /// <summary>Not in memory; the next request loads it.</summary>
    Unloaded,

    /// <summary>Being loaded and warmed.</summary>
    Loading,

    /// <summary>In memory and warm.</summary>
    Loaded,

    /// <summary>The last load failed; a later request tries again.</summary>
    Failed,
}
