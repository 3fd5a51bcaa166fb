namespace Konko.Engine.Cache;

/// <summary>How a pool's pages are spent.</summary>
/// <param name="Limit">Most pages that may be committed.</param>
/// <param name="Committed">Pages that have memory: free, used and cached.</param>
/// <param name="Free">Committed pages that hold nothing.</param>
/// <param name="Used">Pages held by sequences, shared ones counted once.</param>
/// <param name="Cached">Pages that only the prefix cache keeps; they make room when a page is needed.</param>
/// <param name="PageBytes">Bytes of a page.</param>
public readonly record struct KvPoolStatistics(int Limit, int Committed, int Free, int Used, int Cached, long PageBytes);
