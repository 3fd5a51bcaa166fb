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

    private sealed class Failing : TeamTask
    {
        public override void Run(WorkerTeam team, int worker)
        {
            if (worker == 1) throw new FormatException("a broken part");
            team.Complete(worker);
        }
    }
}
