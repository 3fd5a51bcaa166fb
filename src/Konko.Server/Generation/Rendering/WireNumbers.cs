namespace Konko.Server.Generation.Rendering;

/// <summary>Numbers as the wire may show them.</summary>
internal static class WireNumbers
{
    /// <summary>The least log-probability that is shown.</summary>
    public const float LeastLogProb = -9999f;

    /// <summary>A log-probability that is finite, at least −9999, and never −0.</summary>
    /// <param name="value">The log-probability.</param>
    public static float LogProb(float value) => float.IsFinite(value) && value > LeastLogProb ? value + 0f : LeastLogProb;
}
