using System.Diagnostics;

namespace Konko.Load;

/// <summary>What is put under load: a server over HTTP, or an engine in the same process.</summary>
internal interface ILoadTarget
{
    /// <summary>Asks, and reads the answer to its end or until it is time to go away. Whatever goes wrong is in the record.</summary>
    /// <param name="request">The question.</param>
    /// <param name="due">The <see cref="Stopwatch"/> time stamp at which it should have been asked: what it waited since counts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<StreamRecord> AskAsync(ChatRequest request, long due, CancellationToken cancellationToken);
}
