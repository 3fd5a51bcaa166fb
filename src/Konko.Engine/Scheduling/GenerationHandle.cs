using System.Runtime.CompilerServices;

namespace Konko.Engine.Scheduling;

/// <summary>A request that the scheduler has taken: its outputs, and the means to end it early.</summary>
public sealed class GenerationHandle
{
    private readonly RequestState _request;
    private int _reading;

    internal GenerationHandle(RequestState request) => _request = request;

    /// <summary>
    /// The outputs, each in the moment it is known; to be read once, by one reader. They end after the last choice has
    /// ended or was cancelled. A reader that leaves early cancels the request. What follows an output runs on the thread
    /// that delivers those of all requests: it must not block there, nor take long.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading, and so the request.</param>
    /// <exception cref="GenerationFailedException">The request could not be finished.</exception>
    /// <exception cref="OperationCanceledException">The request was cancelled as a whole.</exception>
    /// <exception cref="InvalidOperationException">The outputs are being read already.</exception>
    public async IAsyncEnumerable<GenerationOutput> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0) throw new InvalidOperationException("The outputs of a request have one reader.");
        try
        {
            while (await _request.Outputs.WaitToReadAsync(cancellationToken))
            {
                while (_request.Outputs.TryRead(out GenerationOutput? output))
                {
                    if (output is not OutputRun run)
                    {
                        yield return output;
                        continue;
                    }

                    foreach (GenerationOutput one in run.Outputs) yield return one;
                }
            }
        }
        finally
        {
            Cancel();
        }
    }

    /// <summary>Abandons the whole request: its pages are free at the next step, and its outputs end in an <see cref="OperationCanceledException"/>. Does nothing after the end.</summary>
    public void Cancel() => _request.Cancel();

    /// <summary>Ends one choice by the reader's will, say at a stop string. Tokens of it that are on their way may still come; the other choices go on.</summary>
    /// <param name="choice">0 … Choices − 1.</param>
    public void CancelChoice(int choice) => _request.CancelChoice(choice);
}
