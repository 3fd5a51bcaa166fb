namespace Konko.Server.Usage;

/// <summary>Something that is to be written down.</summary>
internal abstract record UsageChange;

/// <summary>A request was admitted.</summary>
/// <param name="Row">Its row, not settled.</param>
internal sealed record UsageBegun(UsageRow Row) : UsageChange;

/// <summary>A request has ended; of several for one request the first counts.</summary>
/// <param name="Row">Its row, settled; whole, because its beginning may never have been written.</param>
internal sealed record UsageSettled(UsageRow Row) : UsageChange;

/// <summary>A request that a server left open will not be gone on with.</summary>
/// <param name="Id">The answer's id.</param>
/// <param name="At">Milliseconds since 1970.</param>
internal sealed record UsageAbandoned(string Id, long At) : UsageChange;
