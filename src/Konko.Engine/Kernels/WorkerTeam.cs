using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Konko.Engine.Kernels;

/// <summary>A fixed team of threads, the caller among them, for stages of work that last microseconds.</summary>
/// <remarks>
/// A waiting thread spins for some tens of microseconds, then sleeps: stages follow each other faster than a wake-up
/// takes, but an idle engine must leave the cores to the server. One caller at a time.
/// </remarks>
internal sealed class WorkerTeam : IDisposable
{
    // What threads write while others read it lies two lines of the cache apart.
    private const int Apart = 128;

    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000; // 50 µs

    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private readonly Part[] _parts;
    private TeamTask? _task;
    private Exception? _failure;
    private volatile bool _disposed;
    private int _sleepers;
    private int _round;
    private int _finished;
    private Progress _progress;

    /// <summary>Starts the team.</summary>
    /// <param name="threads">Threads, the caller included; at least 1.</param>
    public WorkerTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _parts = new Part[threads];
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

    /// <summary>Runs a task on all threads and returns when all are done.</summary>
    /// <param name="task">The task.</param>
    /// <exception cref="InvalidOperationException">A thread's part threw; the inner exception says what.</exception>
    public void Run(TeamTask task)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        (_task, _failure) = (task, null);
        _progress = default;
        _finished = 0;
        Array.Clear(_parts);
        Signal(ref _round);
        Execute(task, 0);
        for (int finished; (finished = Volatile.Read(ref _finished)) < Threads;) WaitWhile(ref _finished, finished, false);
        _task = null;
        if (_failure is not null) throw new InvalidOperationException("A step of the model failed: " + _failure.Message, _failure);
    }

    /// <summary>Ends a stage: waits until all its items are done. Some thread must have asked for them.</summary>
    /// <remarks>
    /// It waits for work, not for threads: one whose core is lent to somebody else holds the others up by the share it has
    /// taken, and not by those that it could have. It comes back to stages that passed without it, and finds nothing to take there.
    /// </remarks>
    /// <param name="worker">The thread.</param>
    public void Complete(int worker)
    {
        ref Part part = ref _parts[worker];
        (int stage, int done) = (part.Stage, part.Done);
        bool isLast = done > 0 && Interlocked.Add(ref _progress.Done, done) == part.Count, isEmpty = part.HasAsked && part.Count == 0;
        (part.Stage, part.Done, part.HasAsked) = (stage + 1, 0, false);
        if (isLast || isEmpty)
        {
            // Nobody adds to the next stage's before it has begun.
            if (isLast) _progress.Done = 0;
            if (Interlocked.CompareExchange(ref _progress.Stage, stage + 1, stage) == stage) WakeSleepers();
            return;
        }

        WaitWhile(ref _progress.Stage, stage, true);
        if (Volatile.Read(ref _progress.Stage) == stage) throw new TeamFailedException();
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
        ref Part own = ref _parts[worker];
        (own.HasAsked, own.Count) = (true, count);
        for (int i = 0; i < Threads; i++)
        {
            int owner = worker + i < Threads ? worker + i : worker + i - Threads;
            if (TakeOf(owner, PartStart(owner, count, size), PartStart(owner + 1, count, size), size, ref own, out first, out end)) return true;
        }

        (first, end) = (count, count);
        return false;
    }

    private bool TakeOf(int owner, int start, int partEnd, int size, ref Part own, out int first, out int end)
    {
        ref long taken = ref _parts[owner].Taken;
        for (long seen = Volatile.Read(ref taken), found; ; seen = found)
        {
            // What was taken counts for the stage that it was taken in: an older one's is none, and a newer one's means that this stage is over.
            int stage = (int)(seen >> 32);
            first = stage > own.Stage ? partEnd : start + (stage == own.Stage ? (int)seen : 0);
            end = Math.Min(first + size, partEnd);
            if (first >= partEnd) return false;
            found = Interlocked.CompareExchange(ref taken, ((long)own.Stage << 32) + end - start, seen);
            if (found != seen) continue;
            own.Done += end - first;
            return true;
        }
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
        WakeSleepers();
    }

    private void WakeSleepers()
    {
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

    /// <summary>The stage that is worked on, counted in a run from 0, and its items that are done, as far as the threads have told.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 3 * Apart)]
    private struct Progress
    {
        [FieldOffset(Apart)]
        public int Stage;

        [FieldOffset(2 * Apart)]
        public int Done;
    }

    /// <summary>A thread's part of the work.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 2 * Apart)]
    private struct Part
    {
        /// <summary>A stage, in the upper half, and how many items of the part were taken in it.</summary>
        [FieldOffset(0)]
        public long Taken;

        /// <summary>The stage that the thread itself has come to.</summary>
        [FieldOffset(Apart)]
        public int Stage;

        /// <summary>Items of the stage that the thread has taken, and does before it takes more or completes the stage.</summary>
        [FieldOffset(Apart + 4)]
        public int Done;

        /// <summary>Whether the thread has asked for items of the stage, and so knows how many there are.</summary>
        [FieldOffset(Apart + 8)]
        public bool HasAsked;

        /// <summary>Items of the stage.</summary>
        [FieldOffset(Apart + 12)]
        public int Count;
    }
}
