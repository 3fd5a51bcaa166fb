using System.Globalization;
using Konko.Engine.Cache;

namespace Konko.Engine.Models;

/// <summary>The canonical arithmetic of docs/arithmetic.md.</summary>
public static class Arithmetic
{
    /// <summary>Raised whenever a bit of any logit may change.</summary>
    public const int Version = 2;

    /// <summary>What identifies the answers of a model: equal fingerprints, equal tokens.</summary>
    /// <param name="content">Fingerprint of the file's content.</param>
    /// <param name="kvType">Element type of the KV cache.</param>
    public static string Fingerprint(ulong content, KvType kvType)
        => string.Create(CultureInfo.InvariantCulture, $"fp_{content:x16}_{(kvType == KvType.BFloat16 ? "bf16" : "f32")}_{Version}");

    /// <summary>The same for an encoder, which has no cache: equal fingerprints, equal vectors.</summary>
    /// <param name="content">Fingerprint of the file's content.</param>
    public static string Fingerprint(ulong content) => string.Create(CultureInfo.InvariantCulture, $"fp_{content:x16}_{Version}");
}
