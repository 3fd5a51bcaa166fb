using Konko.Engine.Cache;

namespace Konko.Engine.Kernels;

/// <summary>The segment that is read next, if any: its first keys are asked for while this one's last values are used.</summary>
/// <param name="Pages">The sequence's pages, or null.</param>
/// <param name="HeadOffset">Bytes from a page's start to the layer's and KV head's memory.</param>
/// <param name="Segment">Index of the segment.</param>
internal readonly record struct KvNext(List<KvPage>? Pages, long HeadOffset, int Segment);
