namespace Konko.Engine.Scheduling;

/// <summary>A request on its way: which texts have started, and the vectors so far. But for its end, it belongs to the scheduler's thread.</summary>
/// <param name="inputs">The checked texts.</param>
/// <param name="dimensions">Elements of a vector.</param>
/// <param name="submitted">When it came.</param>
internal sealed class EmbeddingState(int[][] inputs, int dimensions, long submitted)
{
    private readonly TaskCompletionSource<IReadOnlyList<float[]>> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly float[][] _vectors = new float[inputs.Length][];
    private CancellationTokenRegistration _cancellation;
    private int _started;
    private int _finished;

    /// <summary>Ends when all vectors are there, or with what went wrong.</summary>
    public Task<IReadOnlyList<float[]>> End => _end.Task;

    /// <summary>When it came.</summary>
    public long Submitted { get; } = submitted;

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool IsOver => _end.Task.IsCompleted;

    /// <summary>Whether a text of it has started.</summary>
    public bool HasStarted => _started > 0;

    /// <summary>Whether all of them have.</summary>
    public bool AllStarted => _started == inputs.Length;

    /// <summary>The next text to start.</summary>
    public int[] Next => inputs[_started];

    /// <summary>Ends the request when the caller gives up. Called once, before anybody else knows the request.</summary>
    public void EndWith(CancellationToken cancellationToken)
        => _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((EmbeddingState)state!)._end.TrySetCanceled(token), this);

    /// <summary>Takes the next text into a step.</summary>
    /// <returns>What receives its vector.</returns>
    public float[] Start() => _vectors[_started++] = new float[dimensions];

    /// <summary>One more vector is there.</summary>
    public void Finish()
    {
        if (++_finished < inputs.Length) return;
        _end.TrySetResult(_vectors);
        Leave();
    }

    /// <summary>Ends it without its vectors; does nothing after its end.</summary>
    public void Fail(GenerationFailure failure, string message, Exception? inner = null)
    {
        _end.TrySetException(new GenerationFailedException(failure, message, inner));
        Leave();
    }

    /// <summary>Lets go of the caller's token. Does not wait for a cancellation that is under way.</summary>
    public void Leave() => _cancellation.Unregister();
}
