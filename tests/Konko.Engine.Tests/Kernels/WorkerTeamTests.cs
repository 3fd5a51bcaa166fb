using Konko.Engine.Kernels;

namespace Konko.Engine.Tests.Kernels;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1, 10, 3)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 97, 4)]
    [InlineData(3, 8, 16)]
    [InlineData(4, 1000, 7)]
    public void Take_StageAfterStage_GivesEachItemOnceAndOwnPartsFirst(int threads, int count, int size)
    {
        using var team = new WorkerTeam(threads);
        var task = new Stages(threads, count, size, 20);
        for (int run = 0; run < 3; run++) team.Run(task);
        Assert.All(task.Taken, times => Assert.Equal(3 * 20, times));
        Assert.True(task.OwnFirst);
    }

    [Fact]
    public void Take_AThreadThatDoesNothing_LeavesItsPartToTheOthers()
    {
        using var team = new WorkerTeam(3);
        var task = new Stages(3, 50, 4, 1) { Idle = 1 };
        team.Run(task);
        Assert.All(task.Taken, times => Assert.Equal(1, times));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Complete_AThreadThatIsKeptAway_IsNotWaitedForAndFindsNothingLeft(int threads)
    {
        using var team = new WorkerTeam(threads);
        var task = new LentCore(threads);
        for (int run = 0; run < 3; run++) team.Run(task);
        Assert.Equal(0, task.TakenLate);
        Assert.All(task.Taken, times => Assert.Equal(3, times));
    }

    [Fact]
    public void Complete_AShareThatIsNotDone_IsWaitedFor()
    {
        using var team = new WorkerTeam(3);
        var task = new SlowShare();
        team.Run(task);
        Assert.Equal(0, task.PassedEarly);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Complete_EmptyStagesAmongOthers_AreOverAtOnceAndLeaveNothingBehind(int threads)
    {
        using var team = new WorkerTeam(threads);
        var task = new EveryOtherEmpty();
        for (int run = 0; run < 200; run++) team.Run(task);
        Assert.Equal(200 * EveryOtherEmpty.Items, task.Done);
    }

    [Fact]
    public void Run_AShareThatThrows_EndsTheOthersAndSaysWhy()
    {
        using var team = new WorkerTeam(3);
        for (int run = 0; run < 20; run++)
            Assert.Contains("broken share", Assert.Throws<InvalidOperationException>(() => team.Run(new FailingShare())).Message, StringComparison.Ordinal);
        var next = new Stages(3, 5, 1, 2);
        team.Run(next);
        Assert.All(next.Taken, times => Assert.Equal(2, times));
    }

    [Fact]
    public void Run_APartThatThrows_EndsTheOthersAndSaysWhy()
    {
        using var team = new WorkerTeam(2);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => team.Run(new Failing()));
        Assert.Contains("broken part", error.Message, StringComparison.Ordinal);
        var next = new Stages(2, 5, 1, 2);
        team.Run(next);
        Assert.All(next.Taken, times => Assert.Equal(2, times));
    }

    private sealed class Stages(int threads, int count, int size, int stages) : TeamTask
    {
        public int[] Taken { get; } = new int[count];

        public bool OwnFirst { get; private set; } = true;

        public int Idle { get; init; } = -1;

        public override void Run(WorkerTeam team, int worker)
        {
            for (int stage = 0; stage < stages; stage++)
            {
                int start = team.PartStart(worker, count, size), end = team.PartStart(worker + 1, count, size);
                bool left = false;
                while (worker != Idle && team.Take(worker, count, size, out int first, out int past))
                {
                    bool own = first >= start && past <= end;
                    if (own && left) OwnFirst = false;
                    left |= !own;
                    for (int i = first; i < past; i++) Interlocked.Increment(ref Taken[i]);
                }

                team.Complete(worker);
            }

            Assert.True(worker < threads);
        }
    }

    /// <summary>The last thread comes when all the stages have passed.</summary>
    private sealed class LentCore(int threads) : TeamTask
    {
        private const int StageCount = 50;
        private bool _passed;
        private int _late;

        public int[] Taken { get; } = new int[10 * StageCount];

        public int TakenLate => _late;

        public override void Run(WorkerTeam team, int worker)
        {
            bool isLate = worker == threads - 1;
            while (isLate && !Volatile.Read(ref _passed)) Thread.Yield();
            for (int stage = 0; stage < StageCount; stage++)
            {
                while (team.Take(worker, 10, 1, out int first, out _))
                {
                    Interlocked.Increment(ref Taken[10 * stage + first]);
                    if (isLate) Interlocked.Increment(ref _late);
                }

                team.Complete(worker);
            }

            if (isLate) _passed = false;
            else if (worker == 0) Volatile.Write(ref _passed, true);
        }
    }

    private sealed class EveryOtherEmpty : TeamTask
    {
        public const int Items = 20 * 7;
        private int _done;

        public int Done => _done;

        public override void Run(WorkerTeam team, int worker)
        {
            for (int stage = 0; stage < 40; stage++)
            {
                while (team.Take(worker, stage % 2 * 7, 1, out _, out _)) Interlocked.Increment(ref _done);
                // A thread that comes late to an empty stage must not touch what the others count meanwhile.
                if (stage % 2 == 0 && worker > 0) Thread.Yield();
                team.Complete(worker);
            }
        }
    }

    /// <summary>One share lasts until the other two threads have found nothing more to take, and a while longer.</summary>
    private sealed class SlowShare : TeamTask
    {
        private int _done;
        private int _early;
        private int _idle;

        public int PassedEarly => _early;

        public override void Run(WorkerTeam team, int worker)
        {
            while (team.Take(worker, 6, 2, out int first, out int end))
            {
                for (int more = 1000; first == 2 && more > 0; more -= Volatile.Read(ref _idle) / 2) Thread.Yield();
                Interlocked.Add(ref _done, end - first);
            }

            Interlocked.Increment(ref _idle);
            team.Complete(worker);
            if (Volatile.Read(ref _done) != 6) Interlocked.Increment(ref _early);
        }
    }

    private sealed class FailingShare : TeamTask
    {
        public override void Run(WorkerTeam team, int worker)
        {
            for (int stage = 0; stage < 3; stage++)
            {
                while (team.Take(worker, 30, 1, out int first, out _))
                    if (stage == 1 && first == 17) throw new FormatException("a broken share");
                team.Complete(worker);
            }
        }
    }

    private sealed class Failing : TeamTask
    {
        public override void Run(WorkerTeam team, int worker)
        {
            if (worker == 1) throw new FormatException("a broken part");
            team.Complete(worker);
        }
    }
}
