namespace Konko.Engine.Cache;

/// <summary>A place in a chain of pages: what the next page hangs on. The default is the start of a prompt.</summary>
/// <param name="Hash">Hash of all tokens so far.</param>
/// <param name="Entry">The cache entry of the page that ends here.</param>
internal readonly record struct PrefixLink(UInt128 Hash, long Entry);
