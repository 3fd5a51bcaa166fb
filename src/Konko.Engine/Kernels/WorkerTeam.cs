using System.Diagnostics;

namespace Konko.Engine.Kernels;

/// <summary>A fixed team of threads, the caller among them, for stages of work that last microseconds.</summary>
/// <remarks>
/// A waiting thread spins for some tens of microseconds, then sleeps: stages follow each other faster than a wake-up
/// takes, but an idle engine must leave the cores to the server. One caller at a time.
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    // What threads write while others read it lies two lines of the cache apart.
    private const int Apart = 32;

    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000; // 50 µs

    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private TeamTask? _task;
    private Exception? _failure;
    private volatile bool _disposed;
    private int _sleepers;
    private int _round;
    private int _finished;

    // Arrivals, the stage's number, then for stages of even and of odd numbers what each thread's part has given away.
    private readonly int[] _counts;

    /// <summary>Starts the team.</summary>
    /// <param name="threads">Threads, the caller included; at least 1.</param>
    public WorkerTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _counts = new int[(3 + 2 * threads) * Apart];
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"konko-worker-{worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Number of threads, the caller included.</summary>
    public int Threads { get; }

    private ref int Arrived => ref _counts[Apart];

    private ref int Stage => ref _counts[2 * Apart];

    /// <summary>Runs a task on all threads and returns when all are done.</summary>
    /// <param name="task">The task.</param>
    /// <exception cref="InvalidOperationException">A thread's part threw; the inner exception says what.</exception>
    public void Run(TeamTask task)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        (_task, _failure) = (task, null);
        Arrived = _finished = 0;
        for (int worker = 0; worker < Threads; worker++) Taken(Stage, worker) = 0;
        Signal(ref _round);
        Execute(task, 0);
        for (int finished; (finished = Volatile.Read(ref _finished)) < Threads;) WaitWhile(ref _finished, finished, false);
        _task = null;
        if (_failure is not null) throw new InvalidOperationException("A step of the model failed: " + _failure.Message, _failure);
    }

    /// <summary>Waits until every thread of the team is here; the shares of the next stage start at 0.</summary>
    /// <param name="worker">The thread.</param>
    public void Barrier(int worker)
    {
        int stage = Volatile.Read(ref Stage);
        // Everyone has left the stage before this one, whose counts are those of the next; each thread clears what lies in its own cache.
        Taken(stage + 1, worker) = 0;
        if (Interlocked.Increment(ref Arrived) == Threads)
        {
            Arrived = 0;
            Signal(ref Stage);
            return;
        }

        WaitWhile(ref Stage, stage, true);
        if (Volatile.Read(ref Stage) == stage) throw new TeamFailedException();
    }

    /// <summary>Takes a thread's next share of a stage's work: its own part from front to back, then what others have left of theirs.</summary>
    /// <remarks>A thread's part is one stretch of memory, which the hardware foresees, and about the same one in every step.</remarks>
    /// <param name="worker">The thread.</param>
    /// <param name="count">Items of the stage.</param>
    /// <param name="size">Items of a share.</param>
    /// <param name="first">First item.</param>
    /// <param name="end">One past the last item.</param>
    /// <returns>False when the stage has no more.</returns>
    public bool Take(int worker, int count, int size, out int first, out int end)
    {
        int stage = Volatile.Read(ref Stage);
        for (int i = 0; i < Threads; i++)
        {
            int owner = worker + i < Threads ? worker + i : worker + i - Threads;
            int start = PartStart(owner, count, size);
            ref int taken = ref Taken(stage, owner);
            end = PartStart(owner + 1, count, size);
            // A part of others that is used up is only looked at: adding would take the line from its owner.
            if (i > 0 && start + Volatile.Read(ref taken) >= end) continue;
            first = start + Interlocked.Add(ref taken, size) - size;
            if (first >= end) continue;
            end = Math.Min(first + size, end);
            return true;
        }

        (first, end) = (count, count);
        return false;
    }

    /// <summary>The first item of a thread's part of a stage.</summary>
    /// <param name="worker">The thread; the number of threads for the end of all.</param>
    /// <param name="count">Items of the stage.</param>
    /// <param name="size">Items of a share: parts are whole shares.</param>
    public int PartStart(int worker, int count, int size) => Math.Min(count, (int)((long)((count + size - 1) / size) * worker / Threads) * size);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Signal(ref _round);
        foreach (Thread thread in _threads) thread.Join();
    }

    private ref int Taken(int stage, int worker) => ref _counts[(3 + (stage & 1) * Threads + worker) * Apart];

    private void Work(int worker)
    {
        for (int round = 0; ;)
        {
            WaitWhile(ref _round, round, false);
            round++;
            if (_disposed) return;
            Execute(_task!, worker);
        }
    }

    private void Execute(TeamTask task, int worker)
    {
        try
        {
            task.Run(this, worker);
        }
        catch (TeamFailedException)
        {
            // Another thread's failure ended this one's wait; that one is reported.
        }
#pragma warning disable CA1031 // Whatever a part throws is handed to the caller of Run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }

        Signal(ref _finished);
    }

    private void Signal(ref int field)
    {
        Interlocked.Increment(ref field);
        if (Volatile.Read(ref _sleepers) == 0) return;
        lock (_gate) Monitor.PulseAll(_gate);
    }

    private void WaitWhile(ref int field, int value, bool untilFailure)
    {
        for (long end = Stopwatch.GetTimestamp() + SpinTicks; Stopwatch.GetTimestamp() < end;)
        {
            for (int i = 0; i < 32; i++)
            {
                if (Volatile.Read(ref field) != value) return;
                Thread.SpinWait(1);
            }

            if (untilFailure && Volatile.Read(ref _failure) is not null) return;
        }

        lock (_gate)
        {
            Interlocked.Increment(ref _sleepers); // a full fence: the waker sees the sleeper, or the sleeper the change
            while (Volatile.Read(ref field) == value && !(untilFailure && Volatile.Read(ref _failure) is not null)) Monitor.Wait(_gate);
            Interlocked.Decrement(ref _sleepers);
        }
    }

    /// <summary>Ends a thread's part because another thread's part failed.</summary>
    private sealed class TeamFailedException : Exception;
}
