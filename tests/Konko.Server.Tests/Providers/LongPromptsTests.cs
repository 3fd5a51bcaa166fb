using Konko.Server.Providers;

namespace Konko.Server.Tests.Providers;

public sealed class LongPromptsTests
{
    [Fact]
    public void IsLong_EveryKindOfPrompt_IsByItsLength()
    {
        string text = new('x', LongPrompts.Length);
        Assert.False(LongPrompts.IsLong(new TextPrompt(text)));
        Assert.True(LongPrompts.IsLong(new TextPrompt(text) { Suffix = "x" }));
        Assert.False(LongPrompts.IsLong(new TokenPrompt(new int[LongPrompts.Length])));
        Assert.True(LongPrompts.IsLong(new TokenPrompt(new int[LongPrompts.Length + 1])));
        Assert.False(LongPrompts.IsLong(new ChatPrompt([new ChatMessage("user", new MessageContent(["x"], IsList: false))])));
        Assert.True(LongPrompts.IsLong(new ChatPrompt([.. Enumerable.Repeat(new ChatMessage("user", new MessageContent(["x"], IsList: false)), 4096)])));
    }

    [Fact]
    public async Task Run_MoreAtOnceThanProcessors_WaitForTheirTurn()
    {
        int running = 0, most = 0;
        var gate = new ManualResetEventSlim();
        Task<int>[] works = [.. Enumerable.Range(0, Environment.ProcessorCount + 2).Select(i => LongPrompts.RunAsync(
            () =>
            {
                int now = Interlocked.Increment(ref running);
                for (int seen = most; now > seen; seen = most) Interlocked.CompareExchange(ref most, now, seen);
                gate.Wait();
                Interlocked.Decrement(ref running);
                return i;
            },
            TestContext.Current.CancellationToken))];
        while (Volatile.Read(ref running) < Environment.ProcessorCount) await Task.Yield();
        Assert.All(works, work => Assert.False(work.IsCompleted));
        gate.Set();

        Assert.Equal(Enumerable.Range(0, works.Length), await Task.WhenAll(works));
        Assert.Equal(Environment.ProcessorCount, most);
    }

    [Fact]
    public async Task Run_WorkThatThrows_LeavesItsTurnToOthers()
    {
        for (int i = 0; i <= Environment.ProcessorCount; i++)
            await Assert.ThrowsAsync<InvalidOperationException>(() => LongPrompts.RunAsync<int>(() => throw new InvalidOperationException(), TestContext.Current.CancellationToken));
        Assert.Equal(1, await LongPrompts.RunAsync(() => 1, TestContext.Current.CancellationToken));
    }
}
