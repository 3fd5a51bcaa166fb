using System.Collections.Concurrent;
using System.Diagnostics;

namespace Konko.Load.Tests;

public sealed class LoadRunTests
{
    [Fact]
    public async Task Run_ClosedLoop_HasNoMoreAtOnceThanClientsAndAsksEachQuestionOnce()
    {
        var target = new Target();
        LoadResult result = await new LoadRun(target, LoadOptions.Parse(["--clients", "3", "--requests", "20", "--exact"])).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(20, result.Records.Count);
        Assert.Equal(20, target.Questions.Distinct().Count());
        Assert.InRange(target.MostAtOnce, 1, 3);
        Assert.Null(result.Window);
    }

    [Theory]
    [InlineData(5, "--warm-up-requests", "5")]
    [InlineData(0, "--warm-up", "0")]
    public async Task WarmUp_SoManyRequests_AsksThemBeforeAndCountsThemNot(int before, params string[] flags)
    {
        var target = new Target();
        var run = new LoadRun(target, LoadOptions.Parse(["--clients", "2", "--requests", "4", "--exact", .. flags]));
        await run.WarmUpAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before, target.Questions.Count);
        LoadResult result = await run.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(4, result.Records.Count);
        Assert.Equal(before + 4, target.Questions.Distinct().Count());
    }

    [Fact]
    public async Task Run_OpenLoop_SendsWhetherOrNotThereWereAnswers()
    {
        // No answer comes before the last question was asked: a closed loop would stand still.
        var target = new Target { AnswersAfter = 6 };
        LoadResult result = await new LoadRun(target, LoadOptions.Parse(["--rate", "500", "--requests", "6"])).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(6, result.Records.Count);
        Assert.Equal(6, target.MostAtOnce);
    }

    [Fact]
    public async Task Run_OpenLoop_IsDueAsThePatternSaysHoweverLateItWasSent()
    {
        LoadResult result = await new LoadRun(new Target(), LoadOptions.Parse(["--rate", "200", "--arrivals", "fixed", "--requests", "4"])).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal([0, 5, 10, 15], result.Records.Select(record => (int)Math.Round(Stopwatch.GetElapsedTime(result.Start, record.Due).TotalMilliseconds)).Order());
    }

    [Fact]
    public async Task Run_Beside_AsksOtherQuestionsUntilTheLoadIsOver()
    {
        // The load's only request is answered when one beside it has arrived.
        var target = new Target { AnswersAfter = 2 };
        LoadResult result = await new LoadRun(target, LoadOptions.Parse(["--clients", "1", "--requests", "1", "--beside-rate", "100", "--beside-words", "9", "--beside-tokens", "2"]))
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Single(result.Records);
        Assert.NotEmpty(result.Beside);
        Assert.Contains(target.Questions, question => question.Split(' ').Length == 9);
    }

    /// <summary>Answers all at once when a number of questions has been asked.</summary>
    private sealed class Target : ILoadTarget
    {
        private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _now;
        private int _most;
        private int _asked;

        public int AnswersAfter { get; init; }

        public ConcurrentQueue<string> Questions { get; } = new();

        public int MostAtOnce => _most;

        public async Task<StreamRecord> AskAsync(ChatRequest request, long due, CancellationToken cancellationToken)
        {
            Questions.Enqueue(request.Question);
            int now = Interlocked.Increment(ref _now);
            lock (Questions) _most = Math.Max(_most, now);
            if (Interlocked.Increment(ref _asked) >= AnswersAfter) _enough.TrySetResult();
            await _enough.Task.WaitAsync(cancellationToken);
            await Task.Yield();
            Interlocked.Decrement(ref _now);
            long time = Stopwatch.GetTimestamp();
            return new StreamRecord { End = StreamEnd.Done, Due = due, Sent = time, Chunks = [time], Ended = time };
        }
    }
}
