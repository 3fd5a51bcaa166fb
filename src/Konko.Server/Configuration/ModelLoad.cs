namespace Konko.Server.Configuration;

/// <summary>When a model is loaded.</summary>
public enum ModelLoad
{
    /// <summary>When the server starts; it is ready when all of these are.</summary>
    Start,

    /// <summary>When the first request asks for it.</summary>
    Demand,
}
