namespace Konko.Server.Streams;

/// <summary>How a stream's log ended.</summary>
internal enum StreamEnd
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>Complete.</summary>
    Done,

    /// <summary>In an error, its last event.</summary>
    Failed,

    /// <summary>In an error that is no event of it: it may be gone on with, from another server if not from this one.</summary>
    Broken,
}
